/* oxlint-disable no-await-in-loop -- attempts follow one another; that is what a retry is */
import { Attempt, type RetryContext } from './attempt.ts'
import { checkSignal } from './check.ts'
import { withEither } from './either-signal.ts'
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
    options?: { signal?: AbortSignal | undefined },
  ): Promise<T> {
    const plan = this.#plan
    const signal = options?.signal
    if (!plan.signal || !signal) return run(plan, fn, plan.signal ?? signal)
    return withEither([plan.signal, signal], (either) => run(plan, fn, either))
  }
}

/** What an attempt threw, or the value that `retryResultIf` refused. */
type Failure<T> = { readonly threw: true; readonly error: unknown } | { readonly threw: false; readonly error: T }

/** One call of the policy. */
interface Call<T> {
  readonly plan: RetryPlan
  readonly fn: (context: RetryContext) => T | PromiseLike<T>
  readonly signal: AbortSignal | undefined
  /** `Infinity` where there is no total limit. */
  readonly deadline: number
}

/** The first attempt has a function to itself: nearly every call ends here, and pays for no more than this frame. */
async function run<T>(plan: RetryPlan, fn: Call<T>['fn'], signal: AbortSignal | undefined): Promise<T> {
  if (signal) {
    checkSignal(signal)
    signal.throwIfAborted()
  }
  plan.budget?.recordCall()
  const { timed, totalTimeoutMs } = plan
  const deadline = totalTimeoutMs === Infinity ? Infinity : plan.clock.now() + totalTimeoutMs
  const attempt = new Attempt(1, undefined, signal, timed)
  let failure: Failure<T>
  try {
    // Without a limit and a signal there is nothing to race: no timer, no listener, no further promise.
    const value = await (timed || signal ? callWithin({ plan, fn, signal, deadline }, attempt) : fn(attempt.context))
    if (!plan.retryResultIf || !refusesResult(plan, value, attempt.context)) return value
    failure = { threw: false, error: value }
  } catch (error) {
    failure = { threw: true, error }
  }
  return runAgain({ plan, fn, signal, deadline }, attempt, failure)
}

async function runAgain<T>(call: Call<T>, first: Attempt, firstFailure: Failure<T>): Promise<T> {
  const { plan, fn, signal, deadline } = call
  const { clock, budget, timed } = plan
  const errors: unknown[] = []
  let attempt = first
  let failure = firstFailure
  let previousDelayMs = 0
  let cause: unknown

  for (let number = 1; ; number += 1) {
    const { threw, error } = failure
    if (threw && plan.wrapExhausted && errors.push(error) > rememberedErrors) errors.shift()
    // A call that times out for ever must not chain its errors.
    if (!attempt.timeout) cause = error
    signal?.throwIfAborted()
    if (attempt.timeout?.scope === 'total') throw attempt.timeout

    if (threw) {
      let wanted = wantsRetry(plan, error, attempt.context)
      signal?.throwIfAborted()
      if (typeof wanted !== 'boolean') {
        wanted = await answerWithin(call, wanted, error)
        signal?.throwIfAborted()
      }
      if (!wanted) throw error
    }
    if (number > plan.maxRetries) return giveUp(plan, number, failure, errors)

    const backoffMs = backoffDelay(plan, number, previousDelayMs, error)
    signal?.throwIfAborted()
    if (backoffMs === undefined) return giveUp(plan, number, failure, errors)
    const delayMs = plan.respectRetryAfter ? Math.max(backoffMs, retryAfterMs(error) ?? 0) : backoffMs
    // Before the budget, which would be charged for a retry that is not made.
    if (timeLeft(clock, deadline) <= delayMs) return giveUp(plan, number, failure, errors)
    if (budget && !budget.tryRetry(delayMs)) return giveUp(plan, number, failure, errors)

    const dueAt = budget ? clock.now() + delayMs : 0
    let goesOn = false
    try {
      if (plan.onRetry) tell(plan, { attempt: number, error, delayMs })
      signal?.throwIfAborted()
      if (delayMs > 0 || number % retriesPerTurn === 0) {
        await wait(delayMs, clock, signal)
        // Another listener may have kept the abort from the wait.
        signal?.throwIfAborted()
      }
      // A timer may be late.
      if (timeLeft(clock, deadline) <= 0) return giveUp(plan, number, failure, errors)
      goesOn = true
    } finally {
      if (!goesOn) budget?.returnRetry(dueAt - clock.now())
    }

    previousDelayMs = backoffMs
    attempt = new Attempt(number + 1, error, signal, timed)
    try {
      const value = await (timed || signal ? callWithin(call, attempt, cause) : fn(attempt.context))
      if (!plan.retryResultIf || !refusesResult(plan, value, attempt.context)) return value
      failure = { threw: false, error: value }
    } catch (thrown) {
      failure = { threw: true, error: thrown }
    }
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

function callWithin<T>({ plan, fn, signal, deadline }: Call<T>, attempt: Attempt, cause?: unknown): Promise<T> {
  const { clock, attemptTimeoutMs, totalTimeoutMs } = plan
  const leftMs = timeLeft(clock, deadline)
  const onTimeout = (): TimeoutError => {
    const options = cause === undefined ? undefined : { cause }
    attempt.timeout =
      leftMs <= attemptTimeoutMs
        ? new TimeoutError('total', totalTimeoutMs, options)
        : new TimeoutError('attempt', attemptTimeoutMs, options)
    return attempt.timeout
  }
  if (leftMs <= 0) throw onTimeout()
  return interruptible(() => fn(attempt.context), {
    signal,
    clock,
    timeoutMs: Math.min(leftMs, attemptTimeoutMs),
    onTimeout,
    onInterrupt: (reason) => attempt.abort(reason),
  })
}

function answerWithin<T>(
  { plan: { clock, totalTimeoutMs }, signal, deadline }: Call<T>,
  answer: PromiseLike<boolean>,
  cause: unknown,
): Promise<boolean> {
  return interruptible(() => answer, {
    signal,
    clock,
    // An answer that is there already is heard, even now.
    timeoutMs: Math.max(0, timeLeft(clock, deadline)),
    onTimeout: () => new TimeoutError('total', totalTimeoutMs, { cause }),
  })
}
