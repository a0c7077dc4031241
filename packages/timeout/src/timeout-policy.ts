import { checkClock, systemClock, type Clock } from './clock.ts'
import { checkDuration, shown } from './option-checks.ts'
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
    // Refused here, for the error that it would throw belongs to a timer, where nobody catches it.
    if (message !== undefined && typeof message !== 'string') {
      throw new TypeError(`message must be a string, received ${shown(message)}`)
    }
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
      // `null` is no signal, as it is for `fetch`.
      const parent = signal ?? undefined
      if (parent?.aborted) reject(parent.reason)
      else new TimedCall<T>(resolve, reject, timersOf(this.#clock), this.#timeoutMs, this.#message, parent).run(fn)
    })
  }
}
