import { checkClock, systemClock, type Clock } from './clock.ts'
import { checkDuration } from './duration.ts'
import { TimedCall, type TimeoutContext } from './timed-call.ts'
import { timersOf } from './timer-queue.ts'

/** How long a call may take, and what its `TimeoutError` says. */
export interface TimeoutPolicyOptions {
  /** Milliseconds until the call is given up, at least 0. `Infinity`: never. */
  timeoutMs: number
  /** The `TimeoutError`'s message. @default 'The call did not settle within … ms' */
  message?: string | undefined
  /** @default systemClock */
  clock?: Clock | undefined
}

/**
 * `withTimeout` with its options fixed, for composition: one policy serves any number of calls, each with its own
 * time.
 *
 * Throws a `RangeError` or `TypeError` for options out of range; `execute` rejects as `withTimeout` does.
 *
 * @example
 * ```ts
 * const tools = new TimeoutPolicy({ timeoutMs: 5_000 })
 * const balance = await tools.execute(({ signal }) => getBalance(account, { signal }), { signal: request.signal })
 * ```
 */
export class TimeoutPolicy {
  readonly kind = 'timeout'
  readonly #timeoutMs: number
  readonly #message: string | undefined
  readonly #clock: Clock

  constructor({ timeoutMs, message, clock = systemClock }: TimeoutPolicyOptions) {
    checkDuration('timeoutMs', timeoutMs)
    checkClock(clock)
    this.#timeoutMs = timeoutMs
    this.#message = message
    this.#clock = clock
  }

  /** Calls `fn` under the policy's timeout; `signal` gives the call up with its own reason. */
  execute<T>(
    fn: (context: TimeoutContext) => T | PromiseLike<T>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(signal.reason)
      else new TimedCall<T>(resolve, reject, timersOf(this.#clock), this.#timeoutMs, this.#message, signal).run(fn)
    })
  }
}
