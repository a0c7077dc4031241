import type { Verdict } from './state.ts'

/** How a call ended. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown; readonly durationMs: number }
  | { readonly ok: false; readonly error: unknown; readonly durationMs: number }

/** Refusals made on this side of the wire: they say nothing about the dependency. */
const REFUSALS: ReadonlySet<unknown> = new Set(['CIRCUIT_OPEN', 'RATE_LIMITED', 'BULKHEAD_FULL'])

export function verdictOnError(error: unknown): Verdict {
  const refused = typeof error === 'object' && error !== null && 'code' in error && REFUSALS.has(error.code)
  return refused ? 'ignore' : 'failure'
}
