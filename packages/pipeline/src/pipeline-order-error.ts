import { hasCode } from './has-code.ts'

/** What `pipeline()` refuses unless it is allowed by this name. */
export type OrderRule =
  | 'fallback-inside-breaker'
  | 'fallback-inside-retry'
  | 'breaker-outside-retry'
  | 'retry-inside-retry'
  | 'hedge-outside-retry'

/**
 * Thrown by `pipeline()` for an order that defeats itself. The message names both places, the reason and the way out.
 *
 * @example
 * ```ts
 * pipeline([breaker, retry]) // throws: policies[1] (retry) is inside policies[0] (circuit-breaker): …
 * ```
 */
export class PipelineOrderError extends Error {
  override readonly name = 'PipelineOrderError'
  readonly code = 'PIPELINE_ORDER'
  readonly retryable = false
  /** The rule that was broken; `allow: [rule]` lets this order pass. */
  readonly rule: OrderRule

  constructor(rule: OrderRule, message: string) {
    super(message)
    this.rule = rule
  }
}

/**
 * True for a `PipelineOrderError` of this package or of another copy of it.
 *
 * @example
 * ```ts
 * if (isPipelineOrderError(error)) console.error(error.rule, error.message)
 * ```
 */
export function isPipelineOrderError(error: unknown): error is PipelineOrderError {
  return hasCode(error, 'PIPELINE_ORDER')
}
