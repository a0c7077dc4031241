import type { RetryContext } from './attempt.ts'
import { decorrelated, exponential, type Backoff, type BackoffJitter } from './backoff.ts'
import { checkFactor, checkMethods, checkNumber, checkOneOf, checkSignal, checkType, show } from './check.ts'
import { systemClock, type Clock } from './clock.ts'
import type { RetryBudget } from './retry-budget.ts'

/** What `onRetry` is told before each wait. */
export interface RetryEvent {
  /** The attempt that failed: 1, 2, … */
  readonly attempt: number
  /** What it threw, or the value that `retryResultIf` refused. */
  readonly error: unknown
  /** How long the wait will be, in milliseconds. */
  readonly delayMs: number
}

/** Options of `retry`, `retryable`, `Retryable` and `RetryPolicy`. */
export interface RetryOptions {
  /** Calls after the first one: 3 means at most four calls. `Infinity` is allowed. @default 3 */
  maxRetries?: number | undefined
  /** The first delay before jitter, in milliseconds. @default 1_000 */
  initialDelayMs?: number | undefined
  /** No delay of the backoff is longer, in milliseconds; one that the server asks for may be. @default 60_000 */
  maxDelayMs?: number | undefined
  /** By how much each delay is longer than the one before. Not with `jitter: 'decorrelated'`. @default 2 */
  backoffFactor?: number | undefined
  /** How the delays are spread. @default 'full' */
  jitter?: BackoffJitter | 'decorrelated' | undefined
  /** Decides the delays instead of the four options above. */
  backoff?: Backoff | undefined
  /** Whether to retry an error; has the last word, over the error's own `retryable` too. @default isRetryable */
  retryIf?: ((error: unknown, context: RetryContext) => boolean | PromiseLike<boolean>) | undefined
  /** Whether to retry a value, such as a 503 Response. @default none is */
  retryResultIf?: ((value: unknown, context: RetryContext) => boolean) | undefined
  /** Limit of each attempt, in milliseconds. An overrun is an error like others and can be retried. */
  attemptTimeoutMs?: number | undefined
  /** Limit from the first call to the last result, waits included, in milliseconds. */
  totalTimeoutMs?: number | undefined
  /** Takes `retryAfterMs` of an error, or the Retry-After of a response, for a minimum wait. @default true */
  respectRetryAfter?: boolean | undefined
  /**
   * Waits for errors that are not retryable too, if they carry `retryAfterMs`: an open circuit, say. Not with `retryIf`,
   * which has the last word. @default false
   */
  waitForRetryAfter?: boolean | undefined
  /** Limits the retries of all callers that share it. */
  budget?: RetryBudget | undefined
  /** Called before each wait. */
  onRetry?: ((event: RetryEvent) => void) | undefined
  /** What is thrown at the end: the last error itself, or a `RetryExhaustedError`. @default 'throw-last' */
  onExhausted?: 'throw-last' | 'wrap' | undefined
  /** Told of errors in the hooks above. @default `reportError`, else an uncaught exception */
  onListenerError?: ((error: unknown) => void) | undefined
  /** Ends it at once, with the reason of the abort. */
  signal?: AbortSignal | undefined
  clock?: Clock | undefined
  /** From 0 to 1. @default Math.random */
  random?: (() => number) | undefined
}

/** Options that have been checked, with their defaults: a copy that nobody else holds. */
export interface RetryPlan extends Pick<
  RetryOptions,
  'retryIf' | 'retryResultIf' | 'budget' | 'onRetry' | 'onListenerError' | 'signal'
> {
  readonly maxRetries: number
  readonly backoff: Backoff
  readonly attemptTimeoutMs: number
  readonly totalTimeoutMs: number
  readonly respectRetryAfter: boolean
  readonly waitForRetryAfter: boolean
  /** Whether there is a limit of time, of either kind. */
  readonly timed: boolean
  readonly wrapExhausted: boolean
  readonly clock: Clock
  readonly random: () => number
}

export function makePlan(options: RetryOptions): RetryPlan {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`options must be an object, received ${Array.isArray(options) ? 'an array' : show(options)}`)
  }
  const {
    maxRetries = 3,
    attemptTimeoutMs = Infinity,
    totalTimeoutMs = Infinity,
    respectRetryAfter = true,
    waitForRetryAfter = false,
    onExhausted = 'throw-last',
    clock = systemClock,
    random = Math.random,
    backoff = defaultBackoff(options),
    retryIf,
    retryResultIf,
    budget,
    onRetry,
    onListenerError,
    signal,
  } = options

  checkNumber(
    'maxRetries',
    maxRetries,
    'an integer >= 0 or Infinity',
    (value) => value >= 0 && (Number.isInteger(value) || value === Infinity),
  )
  checkNumber('attemptTimeoutMs', attemptTimeoutMs, 'a number > 0', (value) => value > 0)
  checkNumber('totalTimeoutMs', totalTimeoutMs, 'a number > 0', (value) => value > 0)
  checkType('respectRetryAfter', respectRetryAfter, 'boolean')
  checkType('waitForRetryAfter', waitForRetryAfter, 'boolean')
  checkOneOf('onExhausted', onExhausted, ['throw-last', 'wrap'])
  checkMethods('clock', clock, 'a Clock', ['now', 'setTimeout', 'clearTimeout'])
  for (const [name, hook] of Object.entries({ random, backoff, retryIf, retryResultIf, onRetry, onListenerError })) {
    if (hook !== undefined) checkType(name, hook, 'function')
  }
  if (budget !== undefined) checkMethods('budget', budget, 'a RetryBudget', ['recordCall', 'tryRetry', 'returnRetry'])
  if (signal !== undefined) checkSignal(signal)
  if (options.backoff) {
    for (const name of ['initialDelayMs', 'maxDelayMs', 'backoffFactor', 'jitter'] as const) {
      if (options[name] !== undefined) throw new TypeError(`${name} must be absent beside backoff, which replaces it`)
    }
  }
  if (waitForRetryAfter && !respectRetryAfter) {
    throw new TypeError('waitForRetryAfter must be false where respectRetryAfter is false, received true')
  }
  if (waitForRetryAfter && retryIf) throw new TypeError('waitForRetryAfter must be false beside retryIf, received true')

  return {
    maxRetries,
    backoff,
    attemptTimeoutMs,
    totalTimeoutMs,
    respectRetryAfter,
    waitForRetryAfter,
    timed: attemptTimeoutMs !== Infinity || totalTimeoutMs !== Infinity,
    wrapExhausted: onExhausted === 'wrap',
    clock,
    random: () => {
      const chance = random()
      if (chance >= 0 && chance <= 1) return chance
      throw new RangeError(`random must return a number from 0 to 1, received ${show(chance)}`)
    },
    retryIf,
    retryResultIf,
    budget,
    onRetry,
    onListenerError,
    signal,
  }
}

function defaultBackoff({ initialDelayMs = 1_000, maxDelayMs, backoffFactor, jitter }: RetryOptions): Backoff {
  if (jitter !== undefined) checkOneOf('jitter', jitter, ['none', 'full', 'equal', 'decorrelated'])
  if (jitter !== 'decorrelated') {
    if (backoffFactor !== undefined) checkFactor('backoffFactor', backoffFactor)
    return exponential({ initialDelayMs, maxDelayMs, factor: backoffFactor, jitter })
  }
  if (backoffFactor !== undefined) {
    throw new TypeError(`backoffFactor must be absent with jitter 'decorrelated', received ${backoffFactor}`)
  }
  return decorrelated({ initialDelayMs, maxDelayMs })
}
