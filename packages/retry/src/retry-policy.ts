/* oxlint-disable no-await-in-loop -- attempts follow one another; that is what a retry is */
import { Attempt, type RetryContext } from './attempt.ts'
import { interruptible } from './interruptible.ts'
import type { Clock } from './clock.ts'
import { backoffDelay, refusesResult, tell, wantsRetry } from './hooks.ts'
import { makePlan, type RetryOptions, type RetryPlan } from './options.ts'
import { retryAfterMs } from './retry-after.ts'
import { RetryExhaustedError } from './retry-exhausted-error.ts'
import { TimeoutError } from './timeout-error.ts'
import { wait } from './wait.ts'

/** How many retries without a delay run before the event loop gets a turn: I/O and timers must not starve. */
const retriesPerTurn = 32

/** How many errors a `RetryExhaustedError` remembers; `maxRetries: Infinity` must not fill the memory. */
const rememberedErrors = 100

/**
 * The options of `retry`, checked once, for many calls. It is a policy: composable with others that have `execute`.
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * const policy = new RetryPolicy({ maxRetries: 2, initialDelayMs: 100 })
 * const user = await policy.execute(({ signal }) => load(url, { signal }))
 */
export class RetryPolicy {
  readonly kind = 'retry'
  readonly #plan: RetryPlan

  constructor(options: RetryOptions = {}) {
    this.#plan = makePlan(options)
  }

  /**
   * Calls `fn` until it succeeds, as `retry` does. Beside the policy's own `signal`, one of this call can end it.
   *
   * @throws what `fn` threw last, unchanged; a `TimeoutError`; a `RetryExhaustedError`; or the reason of an abort
   */
  execute<T>(
    fn: (context: RetryContext) => T | PromiseLike<T>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const own = this.#plan.signal
    return run(this.#plan, fn, own && signal ? AbortSignal.any([own, signal]) : (own ?? signal))
  }
}

/** What an attempt threw, or the value that `retryResultIf` refused. */
type Failure<T> = { readonly threw: true; readonly error: unknown } | { readonly threw: false; readonly error: T }

async function run<T>(
  plan: RetryPlan,
  fn: (context: RetryContext) => T | PromiseLike<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { clock, budget, maxRetries, attemptTimeoutMs, totalTimeoutMs } = plan
  const deadline = totalTimeoutMs === Infinity ? Infinity : clock.now() + totalTimeoutMs
  const timed = attemptTimeoutMs !== Infinity || totalTimeoutMs !== Infinity
  const errors: unknown[] = []
  let previousError: unknown
  let previousDelayMs = 0

  signal?.throwIfAborted()
  budget?.recordCall()
  for (let number = 1; ; number += 1) {
    const attempt = new Attempt(number, previousError, signal, timed)
    let failure: Failure<T>
    try {
      // Without a limit and a signal there is nothing to race: no timer, no listener, no further promise.
      const value = await (timed || signal ? callWithin(plan, deadline, fn, attempt, signal) : fn(attempt))
      if (!plan.retryResultIf || !refusesResult(plan, value, attempt)) return value
      failure = { threw: false, error: value }
    } catch (thrown) {
      failure = { threw: true, error: attempt.timeout ?? thrown }
      if (plan.wrapExhausted && errors.push(failure.error) > rememberedErrors) errors.shift()
    }
    signal?.throwIfAborted()
    if (attempt.timeout?.scope === 'total') throw attempt.timeout

    const { error } = failure
    if (failure.threw) {
      let wanted = wantsRetry(plan, error, attempt)
      signal?.throwIfAborted()
      if (typeof wanted !== 'boolean') {
        wanted = await answerWithin(plan, deadline, wanted, signal, error)
        signal?.throwIfAborted()
      }
      if (!wanted) throw error
    }
    if (number > maxRetries) return giveUp(plan, number, failure, errors)

    const backoffMs = backoffDelay(plan, number, previousDelayMs, error)
    if (backoffMs === undefined) return giveUp(plan, number, failure, errors)
    const delayMs = plan.respectRetryAfter ? Math.max(backoffMs, retryAfterMs(error) ?? 0) : backoffMs
    // Before the budget, which would be charged for a retry that is not made.
    if (timeLeft(clock, deadline) <= delayMs) return giveUp(plan, number, failure, errors)
    if (budget && !budget.tryRetry()) return giveUp(plan, number, failure, errors)

    if (plan.onRetry) tell(plan, { attempt: number, error, delayMs })
    signal?.throwIfAborted()
    if (delayMs > 0 || number % retriesPerTurn === 0) {
      await wait(delayMs, clock, signal)
      signal?.throwIfAborted()
    }
    // A timer may be late.
    if (timeLeft(clock, deadline) <= 0) return giveUp(plan, number, failure, errors)
    previousError = error
    previousDelayMs = backoffMs
  }
}

/** The end of the retries: the refused value, or the last error. */
function giveUp<T>(plan: RetryPlan, attempts: number, failure: Failure<T>, errors: readonly unknown[]): T {
  if (!failure.threw) return failure.error
  throw plan.wrapExhausted && attempts > 1 ? new RetryExhaustedError(attempts, errors) : failure.error
}

function timeLeft(clock: Clock, deadline: number): number {
  return deadline === Infinity ? Infinity : deadline - clock.now()
}

function callWithin<T>(
  { clock, attemptTimeoutMs, totalTimeoutMs }: RetryPlan,
  deadline: number,
  fn: (context: RetryContext) => T | PromiseLike<T>,
  attempt: Attempt,
  signal: AbortSignal | undefined,
): Promise<T> {
  const leftMs = timeLeft(clock, deadline)
  const options = attempt.attempt > 1 ? { cause: attempt.previousError } : undefined
  return interruptible(() => fn(attempt), {
    signal,
    clock,
    timeoutMs: Math.min(leftMs, attemptTimeoutMs),
    onTimeout: () =>
      attempt.abortWith(
        leftMs <= attemptTimeoutMs
          ? new TimeoutError('total', totalTimeoutMs, options)
          : new TimeoutError('attempt', attemptTimeoutMs, options),
      ),
  })
}

function answerWithin(
  { clock, totalTimeoutMs }: RetryPlan,
  deadline: number,
  answer: PromiseLike<boolean>,
  signal: AbortSignal | undefined,
  cause: unknown,
): Promise<boolean> {
  return interruptible(() => answer, {
    signal,
    clock,
    timeoutMs: timeLeft(clock, deadline),
    onTimeout: () => new TimeoutError('total', totalTimeoutMs, { cause }),
  })
}
