/**
 * Thrown with `onExhausted: 'wrap'` when at least one retry was made and no further one is allowed: the retries or the
 * budget ran out, or the next wait would cross the total limit. `cause` is the last error. A total limit that ends an
 * attempt is a `TimeoutError` all the same, and an error that is not retried is thrown as it is.
 */
export class RetryExhaustedError extends Error {
  override readonly name = 'RetryExhaustedError'
  readonly code = 'RETRY_EXHAUSTED'
  /** Retrying what has just been retried multiplies the load, so an outer retry leaves it alone. */
  readonly retryable = false
  /** How often the function was called. */
  readonly attempts: number
  /** What the attempts threw, oldest first; the last 100 of them. */
  readonly errors: unknown[]

  constructor(attempts: number, errors: readonly unknown[]) {
    super(`Gave up after ${attempts} attempts`, { cause: errors.at(-1) })
    this.attempts = attempts
    this.errors = [...errors]
  }
}

/**
 * True for a `RetryExhaustedError`, also for that of another copy of this package.
 *
 * @example
 * if (isRetryExhaustedError(error)) console.log(error.attempts, error.errors)
 */
export function isRetryExhaustedError(error: unknown): error is RetryExhaustedError {
  return error instanceof Error && 'code' in error && error.code === 'RETRY_EXHAUSTED'
}
