export type { RetryContext } from './attempt.ts'
export {
  constant,
  decorrelated,
  exponential,
  linear,
  type Backoff,
  type BackoffContext,
  type BackoffJitter,
  type BackoffOptions,
} from './backoff.ts'
export type { Clock } from './clock.ts'
export { isRetryable } from './is-retryable.ts'
export type { RetryEvent, RetryOptions } from './options.ts'
export { RetryBudget, type RetryBudgetOptions, type RetryBudgetSnapshot } from './retry-budget.ts'
export { isRetryExhaustedError, RetryExhaustedError } from './retry-exhausted-error.ts'
export { RetryPolicy } from './retry-policy.ts'
export { retry } from './retry.ts'
export { Retryable, retryable } from './retryable.ts'
export { isTimeoutError, TimeoutError } from './timeout-error.ts'
