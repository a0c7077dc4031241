import { createRequire } from 'node:module'
import type * as OpenTelemetry from '@opentelemetry/api'

type Api = Pick<typeof OpenTelemetry, 'trace' | 'isSpanContextValid'>

/** The ids of the active span, named as OpenTelemetry names them outside OTLP. */
export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
  readonly trace_flags: string
}

/** Reads the ids of the span that is active, if one is; `undefined` where `@opentelemetry/api` is not installed. */
export function traceReader(): (() => TraceIds | undefined) | undefined {
  let api: Api
  try {
    // Its tracer provider lives on `globalThis`, so that this copy and the application's share one.
    api = createRequire(import.meta.url)('@opentelemetry/api') as Api
  } catch {
    return undefined
  }
  return () => {
    try {
      const span = api.trace.getActiveSpan()?.spanContext()
      if (span === undefined || !api.isSpanContextValid(span)) return undefined
      const trace_flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0')
      return { trace_id: span.traceId, span_id: span.spanId, trace_flags }
    } catch {
      return undefined
    }
  }
}
