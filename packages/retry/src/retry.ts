import type { RetryContext } from './attempt.ts'
import type { RetryOptions } from './options.ts'
import { RetryPolicy } from './retry-policy.ts'

const defaultPolicy: RetryPolicy = new RetryPolicy()

/**
 * Calls `fn`, and calls it again when it fails with an error that is likely to pass (see `isRetryable`): by default up
 * to three times more, after up to 1, 2 and 4 seconds.
 *
 * @throws what `fn` threw last, unchanged; a `TimeoutError`; a `RetryExhaustedError`; or the reason of an abort.
 * Options that are out of range or of the wrong shape are a RangeError or TypeError
 * @example
 * const response = await retry(({ signal }) => fetch(url, { signal }), { attemptTimeoutMs: 2_000 })
 */
export function retry<T>(fn: (context: RetryContext) => T | PromiseLike<T>, options?: RetryOptions): Promise<T> {
  // Not an async function, whose promise around the policy's would cost as much as the call.
  let policy = defaultPolicy
  try {
    if (options !== undefined) policy = new RetryPolicy(options)
  } catch (error) {
    return Promise.reject(error)
  }
  return policy.execute(fn)
}
