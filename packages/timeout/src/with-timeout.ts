import type { TimeoutContext } from './timed-call.ts'
import { TimeoutPolicy, type TimeoutPolicyOptions } from './timeout-policy.ts'

/** The options of one call. */
export interface TimeoutOptions extends TimeoutPolicyOptions {
  /** Gives the call up with this signal's own reason. */
  signal?: AbortSignal | undefined
}

/**
 * Calls `fn` and gives what it gives, unless that takes longer than `timeoutMs`: then its signal is aborted and the
 * promise rejects, whether `fn` listens to the signal or not. A `fn` that does not is left behind, still running, and
 * what becomes of it is ignored.
 *
 * Rejects with a `TimeoutError` when the time is up; with the reason of `signal`, unchanged, when that is aborted (`fn`
 * is not called if it is aborted before); with what `fn` throws; with a `RangeError` or `TypeError` for options out of
 * range. What `fn` has resolved to is delivered even if the time is up, or the caller aborts, in that same turn.
 *
 * @example
 * ```ts
 * const response = await withTimeout(({ signal }) => fetch(url, { signal }), { timeoutMs: 5_000 })
 * ```
 */
export function withTimeout<T>(
  fn: (context: TimeoutContext) => T | PromiseLike<T>,
  options: TimeoutOptions,
): Promise<T> {
  try {
    return new TimeoutPolicy(options).execute(fn, options)
  } catch (error) {
    return Promise.reject(error)
  }
}
