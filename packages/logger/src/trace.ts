import { createRequire } from 'node:module'
import type * as OpenTelemetry from '@opentelemetry/api'

/** The ids of the active span, named as OpenTelemetry names them outside OTLP. */
export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
  readonly trace_flags: string
}

type Api = Pick<typeof OpenTelemetry, 'trace' | 'isSpanContextValid'>

let api: Api | undefined
let sought = false

/** The ids of the span that is active, if `@opentelemetry/api` is installed and one is. */
export function activeTrace(): TraceIds | undefined {
  if (!sought) {
    sought = true
    api = load()
  }
  if (api === undefined) return undefined
  const span = api.trace.getActiveSpan()?.spanContext()
  if (span === undefined || !api.isSpanContextValid(span)) return undefined
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    trace_flags: span.traceFlags.toString(16).padStart(2, '0'),
  }
}

// Its tracer provider lives on `globalThis`, so that this copy and the application's share one.
function load(): Api | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as Api
  } catch {
    return undefined
  }
}
