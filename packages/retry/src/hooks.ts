import type { RetryContext } from './attempt.ts'
import { show } from './check.ts'
import { isRetryable } from './is-retryable.ts'
import { isThenable } from './is-thenable.ts'
import type { RetryEvent, RetryPlan } from './options.ts'
import { report, watch } from './report.ts'
import { retryAfterMs } from './retry-after.ts'

/** Asks `retryIf`. A hook that fails to answer has not asked for a retry: its error is reported, the call's is kept. */
export function wantsRetry(plan: RetryPlan, error: unknown, context: RetryContext): boolean | PromiseLike<boolean> {
  try {
    if (!plan.retryIf) return isRetryable(error) || (plan.waitForRetryAfter && retryAfterMs(error) !== undefined)
    const answer = plan.retryIf(error, context)
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
export function refusesResult(plan: RetryPlan, value: unknown, context: RetryContext): boolean {
  try {
    const answer: unknown = plan.retryResultIf?.(value, context)
    if (!isThenable(answer)) return Boolean(answer)
    watch(answer, plan.onListenerError)
    throw new TypeError('retryResultIf must answer at once, received a promise')
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
    if (typeof ms === 'number' && ms >= 0 && ms < Infinity) return ms
    throw new RangeError(`backoff must return a finite number >= 0, received ${show(ms)}`)
  } catch (hookError) {
    report(hookError, plan.onListenerError)
    return undefined
  }
}

/** Tells `onRetry`. */
export function tell(plan: RetryPlan, event: RetryEvent): void {
  try {
    watch(plan.onRetry?.(event), plan.onListenerError)
  } catch (hookError) {
    report(hookError, plan.onListenerError)
  }
}
