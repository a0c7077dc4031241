/**
 * An attempt, or the call as a whole, did not end in time. The two are told apart by `scope`: an overrun of
 * `attemptTimeoutMs` can be retried, one of `totalTimeoutMs` is the end. Its `cause` is the last error before it that was
 * no timeout of the same call.
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  readonly code = 'TIMEOUT'
  readonly scope: 'attempt' | 'total'
  readonly retryable: boolean
  /** The limit that was overrun, in milliseconds. */
  readonly timeoutMs: number

  constructor(scope: 'attempt' | 'total', timeoutMs: number, options?: ErrorOptions) {
    super(`The ${scope === 'attempt' ? 'attempt' : 'call and its retries'} did not end within ${timeoutMs} ms`, options)
    this.scope = scope
    this.retryable = scope === 'attempt'
    this.timeoutMs = timeoutMs
  }
}

/**
 * True for the timeout errors of `retry`, also for those of another copy of this package.
 *
 * @example
 * if (isTimeoutError(error) && error.scope === 'total') return cached
 */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'TIMEOUT' &&
    'scope' in error &&
    (error.scope === 'attempt' || error.scope === 'total')
  )
}
