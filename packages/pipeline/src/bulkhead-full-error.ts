import { hasCode } from './has-code.ts'

/**
 * The bulkhead had no place, neither to run nor to wait, or none came free within `queueTimeoutMs`.
 *
 * @example
 * ```ts
 * const database = bulkhead({ maxConcurrent: 10 }) // the eleventh call at a time rejects with this
 * ```
 */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError'
  readonly code = 'BULKHEAD_FULL'
  /** Places come free all the time. */
  readonly retryable = true
}

/**
 * True for a `BulkheadFullError` of this package or of another copy of it.
 *
 * @example
 * ```ts
 * if (isBulkheadFullError(error)) return new Response('busy', { status: 503 })
 * ```
 */
export function isBulkheadFullError(error: unknown): error is BulkheadFullError {
  return hasCode(error, 'BULKHEAD_FULL')
}
