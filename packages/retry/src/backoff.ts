import { checkDuration, checkFactor, checkOneOf } from './check.ts'

/** What a backoff decides on. */
export interface BackoffContext {
  /** The attempt that failed: 1, 2, … */
  readonly attempt: number
  /** What the backoff itself said last time, in milliseconds; 0 the first time. */
  readonly previousDelayMs: number
  /** What the attempt threw, or the value that `retryResultIf` refused. */
  readonly error: unknown
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
}

/** How long to wait after a failed attempt, in milliseconds. */
export type Backoff = (context: BackoffContext) => number

/**
 * How a delay is spread, so that callers who failed together do not come back together. `full` is uniform in
 * [0, delay], `equal` in [delay / 2, delay].
 *
 * Names after Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
 */
export type BackoffJitter = 'none' | 'full' | 'equal'

/** The options of a backoff. Each takes those that mean something to it. */
export interface BackoffOptions {
  /** The first delay, in milliseconds. */
  initialDelayMs: number
  /** No delay is longer, in milliseconds. @default 60_000 */
  maxDelayMs?: number | undefined
  /** By how much each delay is longer than the one before. @default 2 */
  factor?: number | undefined
  /** @default 'full' */
  jitter?: BackoffJitter | undefined
}

/**
 * The same delay every time.
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * retry(poll, { backoff: constant({ initialDelayMs: 500, jitter: 'none' }) })
 */
export function constant({ initialDelayMs, jitter }: Omit<BackoffOptions, 'maxDelayMs' | 'factor'>): Backoff {
  return growing(initialDelayMs, initialDelayMs, jitter, () => initialDelayMs)
}

/**
 * The first delay, twice that, three times that, …
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * retry(poll, { backoff: linear({ initialDelayMs: 100, maxDelayMs: 1_000 }) })
 */
export function linear({ initialDelayMs, maxDelayMs, jitter }: Omit<BackoffOptions, 'factor'>): Backoff {
  return growing(initialDelayMs, maxDelayMs, jitter, (attempt) => initialDelayMs * attempt)
}

/**
 * The first delay, that times `factor`, that times `factor` again, … It is what `retry` does by itself.
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * retry(poll, { backoff: exponential({ initialDelayMs: 100, factor: 3, jitter: 'equal' }) })
 */
export function exponential({ initialDelayMs, maxDelayMs, factor = 2, jitter }: BackoffOptions): Backoff {
  checkFactor('factor', factor)
  // An overflow is Infinity and then the cap; but 0 × Infinity would be NaN.
  return growing(initialDelayMs, maxDelayMs, jitter, (attempt) =>
    initialDelayMs === 0 ? 0 : initialDelayMs * factor ** (attempt - 1),
  )
}

/**
 * Each delay is drawn anew from between the first delay and three times the one before: `uniform(initial, min(max,
 * 3 × previous))`, the "decorrelated jitter" of the AWS article named at {@link BackoffJitter}, but capped before it is
 * drawn: capped after it, nearly every second delay would be the cap itself.
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * retry(poll, { backoff: decorrelated({ initialDelayMs: 100, maxDelayMs: 10_000 }) })
 */
export function decorrelated({
  initialDelayMs,
  maxDelayMs = 60_000,
}: Omit<BackoffOptions, 'factor' | 'jitter'>): Backoff {
  checkDuration('initialDelayMs', initialDelayMs)
  checkDuration('maxDelayMs', maxDelayMs)
  const fromMs = Math.min(maxDelayMs, initialDelayMs)
  return ({ previousDelayMs, random }) => {
    const upToMs = Math.min(maxDelayMs, 3 * Math.max(fromMs, previousDelayMs))
    return fromMs + random() * (upToMs - fromMs)
  }
}

function growing(
  initialDelayMs: number,
  maxDelayMs = 60_000,
  jitter: BackoffJitter = 'full',
  base: (attempt: number) => number,
): Backoff {
  checkDuration('initialDelayMs', initialDelayMs)
  checkDuration('maxDelayMs', maxDelayMs)
  checkOneOf('jitter', jitter, ['none', 'full', 'equal'])
  const floor = { none: 1, equal: 0.5, full: 0 }[jitter]
  // Capped before it is spread, not after, so that the delays at the cap differ too.
  return ({ attempt, random }) => {
    const delayMs = Math.min(maxDelayMs, base(attempt))
    return floor === 1 ? delayMs : delayMs * (floor + (1 - floor) * random())
  }
}
