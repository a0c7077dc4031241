import type { Attempt } from './attempt.ts'
import { isRetryable } from './is-retryable.ts'
import type { RetryEvent, RetryPlan } from './options.ts'
import { report } from './report.ts'
import { retryAfterMs } from './retry-after.ts'

/** Asks `retryIf`. A hook that fails to answer has not asked for a retry: its error is reported, the call's is kept. */
export function wantsRetry(plan: RetryPlan, error: unknown, attempt: Attempt): boolean | PromiseLike<boolean> {
  try {
    if (!plan.retryIf) return isRetryable(error) || (plan.waitForRetryAfter && retryAfterMs(error) !== undefined)
    const answer = plan.retryIf(error, attempt)
    return typeof answer === 'boolean' ? answer : awaited(plan, answer)
  } catch (hookError) {
    report(hookError, plan.onListenerError)
    return false
  }
}

async function awaited(plan: RetryPlan, answer: PromiseLike<boolean>): Promise<boolean> {
  try {
    return await answer
  } catch (hookError) {
    report(hookError, plan.onListenerError)
    return false
  }
}

/** Asks `retryResultIf`. */
export function refusesResult(plan: RetryPlan, value: unknown, attempt: Attempt): boolean {
  try {
    return plan.retryResultIf?.(value, attempt) === true
  } catch (hookError) {
    report(hookError, plan.onListenerError)
    return false
  }
}

/** Asks `backoff`; `undefined` when it has no usable answer, which is the end as well. */
export function backoffDelay(
  plan: RetryPlan,
  attempt: number,
  previousDelayMs: number,
  error: unknown,
): number | undefined {
  try {
    const ms = plan.backoff({ attempt, previousDelayMs, error, random: plan.random })
    if (ms >= 0 && ms < Infinity) return ms
    throw new RangeError(`backoff must return a finite number >= 0, received ${ms}`)
  } catch (hookError) {
    report(hookError, plan.onListenerError)
    return undefined
  }
}

/** Tells `onRetry`. Nobody waits for an async one, but its rejection is reported as a throw is. */
export function tell(plan: RetryPlan, event: RetryEvent): void {
  try {
    const told: unknown = plan.onRetry?.(event)
    if (told instanceof Promise) told.catch((hookError: unknown) => report(hookError, plan.onListenerError))
  } catch (hookError) {
    report(hookError, plan.onListenerError)
  }
}
