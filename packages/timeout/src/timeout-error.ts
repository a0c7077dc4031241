/** The call did not settle in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  readonly code = 'TIMEOUT'
  readonly retryable = true
  /** The limit that was overrun, in milliseconds. */
  readonly timeoutMs: number

  constructor(timeoutMs: number, message: string = `The call did not settle within ${timeoutMs} ms`) {
    super(message)
    this.timeoutMs = timeoutMs
  }
}

/** True for a `TimeoutError` of this package, of another copy of it, or of another package that keeps its shape. */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return error instanceof Error && 'code' in error && error.code === 'TIMEOUT'
}
