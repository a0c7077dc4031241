/** What was decided about a request, and what the caller may be told. */
export interface Decision {
  /** The tokens were taken. */
  readonly allowed: boolean
  /** The capacity of the limit that decided: of several the tightest one. */
  readonly limit: number
  /** Whole tokens left, rounded down; never below 0. */
  readonly remaining: number
  /** After so many milliseconds the same request is granted, if nobody else asks; 0 if it was. */
  readonly retryAfterMs: number
  /** Milliseconds until that limit has everything back that was spent. */
  readonly resetAfterMs: number
  /** The name of the limit that decided, if it has one. */
  readonly limitName?: string
}
