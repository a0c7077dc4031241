/**
 * A call did not settle, or a chunk did not arrive, in time. Made when the time is up, not when the call starts:
 * nothing is paid for calls in time, and the stack is the timer's.
 *
 * @example
 * ```ts
 * throw new TimeoutError(5_000, 'The knowledge base did not answer within 5 s')
 * ```
 */
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

/**
 * True for a `TimeoutError` of this package, of another copy of it, or of another package that keeps its shape. False
 * for the `DOMException` of `AbortSignal.timeout`, which has the name and nothing else.
 *
 * @example
 * ```ts
 * if (isTimeoutError(error)) console.log(`gave up after ${error.timeoutMs} ms`)
 * ```
 */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'TIMEOUT'
}
