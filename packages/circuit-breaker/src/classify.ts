import type { Verdict } from './state.ts'

/** How a call ended. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown; readonly durationMs: number }
  | { readonly ok: false; readonly error: unknown; readonly durationMs: number }

/** Refusals made on this side of the wire: they say nothing about the dependency. */
const REFUSALS: ReadonlySet<unknown> = new Set(['CIRCUIT_OPEN', 'RATE_LIMITED', 'BULKHEAD_FULL'])

export function verdictOnError(error: unknown): Verdict {
  return REFUSALS.has(propertyOf(error, 'code')) ? 'ignore' : 'failure'
}

/** Whether an error is what an aborted `fetch`, stream or timer gives. Time limits give a `TimeoutError` instead. */
export function isAbortError(error: unknown): boolean {
  return propertyOf(error, 'name') === 'AbortError'
}

/** Anything may be thrown, a revoked proxy or an object with a throwing getter too: it has no properties then. */
function propertyOf(error: unknown, key: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[key]
  } catch {
    return undefined
  }
}
