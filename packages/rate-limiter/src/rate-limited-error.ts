import type { Decision } from './decision.ts'

/**
 * A call was not started because its rate limit was reached.
 *
 * @example
 * try {
 *   await limiter.execute(send, { key: 'alice' })
 * } catch (error) {
 *   if (!isRateLimitedError(error)) throw error
 *   console.log(`again in ${error.retryAfterMs} ms`)
 * }
 */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError'
  readonly code = 'RATE_LIMITED'
  readonly retryable = true
  /** After so many milliseconds the call would be allowed, if nobody else asks. */
  readonly retryAfterMs: number
  readonly decision: Decision

  constructor(decision: Decision) {
    const limit =
      decision.limitName === undefined ? 'The rate limit' : `The rate limit ${JSON.stringify(decision.limitName)}`
    super(`${limit} is reached; try again in ${Math.ceil(decision.retryAfterMs)} ms`)
    this.retryAfterMs = decision.retryAfterMs
    this.decision = decision
  }
}

/**
 * True for a `RateLimitedError` of this package, of another copy of it, or of another package that keeps its shape.
 *
 * @example
 * if (isRateLimitedError(error)) await delay(error.retryAfterMs)
 */
export function isRateLimitedError(error: unknown): error is RateLimitedError {
  try {
    if (!(error instanceof Error)) return false
    const { code, retryAfterMs, decision } = error as Partial<RateLimitedError>
    return code === 'RATE_LIMITED' && typeof retryAfterMs === 'number' && typeof decision?.retryAfterMs === 'number'
  } catch {
    // A getter or a proxy of somebody else's.
    return false
  }
}
