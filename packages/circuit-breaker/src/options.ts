import type { Outcome } from './classify.ts'
import { type Clock, systemClock } from './clock.ts'
import { safeReporter } from './events.ts'
import type { Rules, Verdict } from './state.ts'
import { ConsecutiveTally, CountWindow, type Tally, TimeWindow } from './window.ts'

interface RateOptions {
  /** Counted outcomes needed before a rate is looked at. @default 10, or `size` if that is less */
  minimumCalls?: number
  /** Opens at this fraction of failures or more, in (0, 1]. @default 0.5 if `slowCallRate` is not named either */
  failureRate?: number
  /** A call that takes longer than this many milliseconds is slow. */
  slowCallMs?: number
  /** Opens at this fraction of slow calls or more, in (0, 1]. Needs `slowCallMs`. */
  slowCallRate?: number
}

/** Which outcomes are remembered, and when they are too bad. */
export type WindowOptions =
  | ({
      type: 'count'
      /** How many of the last counted outcomes are remembered. */
      size: number
    } & RateOptions)
  | ({
      type: 'time'
      /** How long outcomes are remembered, in milliseconds. */
      durationMs: number
      /** In how many parts; the oldest is forgotten at once. @default 10 */
      buckets?: number
    } & RateOptions)

/** Options of a `CircuitBreaker`; each is checked when it is made. */
export interface CircuitBreakerOptions {
  /** Shown in errors, events and snapshots. @default 'circuit' */
  name?: string
  /** Consecutive failures that open the circuit. Not together with `window`. @default 5 */
  failureThreshold?: number
  /** Opens by rates over a window, instead of by consecutive failures. */
  window?: WindowOptions
  /** Consecutive successes of probes that close the circuit. @default 1 */
  successThreshold?: number
  /** How long it stays open, in milliseconds; `openings` counts from 1 since it was last closed. @default 30_000 */
  openDurationMs?: number | ((context: { openings: number; error: unknown }) => number)
  halfOpen?: {
    /** How many probes run at a time. @default 1 */
    maxConcurrent?: number
    /** A probe older than this many milliseconds gives its place back. @default 60_000 */
    maxDurationMs?: number
  }
  /**
   * What an outcome means; asked for every one but the caller's own abort. By default a value is a success and an error
   * a failure, but for errors whose `code` is `CIRCUIT_OPEN`, `RATE_LIMITED` or `BULKHEAD_FULL`: they are ignored.
   */
  classify?: (outcome: Outcome) => Verdict
  /** Where time comes from. @default `performance.now()` */
  clock?: Clock
  /** Whether rejections carry a stack, which costs several times the rest of them. @default false */
  stackTraces?: boolean
  /** Told what a listener, `classify` or `openDurationMs` throws. @default `reportError`, or an uncaught exception */
  onListenerError?: (error: unknown) => void
}

export interface Settings extends Rules {
  readonly name: string
  readonly createTally: () => Tally
  /** Whether the tally asks for the time. */
  readonly timedTally: boolean
  readonly slowCallMs: number
  readonly classify: ((outcome: Outcome) => Verdict) | undefined
  readonly clock: Clock
  readonly stackTraces: boolean
  readonly report: (error: unknown) => void
}

const DEFAULT_OPEN_MS = 30_000

/** Checks the options and fills in the defaults; nothing of the caller's objects is kept but functions and the clock. */
export function resolveOptions(options: CircuitBreakerOptions): Settings {
  const {
    name = 'circuit',
    failureThreshold = 5,
    window,
    successThreshold = 1,
    openDurationMs = DEFAULT_OPEN_MS,
    halfOpen: { maxConcurrent = 1, maxDurationMs = 60_000 } = {},
    classify,
    clock = systemClock,
    stackTraces = false,
    onListenerError,
  } = options
  check('name', name, 'a string', typeof name === 'string')
  integer('failureThreshold', failureThreshold)
  integer('successThreshold', successThreshold)
  integer('halfOpen.maxConcurrent', maxConcurrent)
  duration('halfOpen.maxDurationMs', maxDurationMs)
  check('classify', classify, 'a function', classify === undefined || typeof classify === 'function')
  check('clock', clock, 'an object with now()', typeof clock?.now === 'function')
  check('stackTraces', stackTraces, 'a boolean', typeof stackTraces === 'boolean')
  const reportable = onListenerError === undefined || typeof onListenerError === 'function'
  check('onListenerError', onListenerError, 'a function', reportable)
  if (window !== undefined && options.failureThreshold !== undefined) {
    throw new TypeError(`failureThreshold must not be given together with window, received ${failureThreshold}`)
  }
  const report = safeReporter(onListenerError)
  return {
    name,
    successThreshold,
    maxConcurrent,
    maxDurationMs,
    classify,
    clock,
    stackTraces,
    report,
    openDurationMs: totalDuration(openDurationMs, report),
    ...(window === undefined
      ? { createTally: () => new ConsecutiveTally(failureThreshold), timedTally: false, slowCallMs: Infinity }
      : resolveWindow(window)),
  }
}

function resolveWindow(window: WindowOptions): Pick<Settings, 'createTally' | 'timedTally' | 'slowCallMs'> {
  const { type, slowCallMs = Infinity, slowCallRate = Infinity } = window
  const { failureRate = slowCallRate === Infinity ? 0.5 : Infinity } = window
  const most = type === 'count' ? window.size : Infinity
  const { minimumCalls = Math.min(10, most) } = window
  check('window.type', type, "'count' or 'time'", type === 'count' || type === 'time')
  if (type === 'count') integer('window.size', most)
  integer('window.minimumCalls', minimumCalls)
  check('window.minimumCalls', minimumCalls, `an integer <= size (${most})`, true, minimumCalls <= most)
  if (failureRate !== Infinity) fraction('window.failureRate', failureRate)
  if (slowCallRate !== Infinity) fraction('window.slowCallRate', slowCallRate)
  if (slowCallMs !== Infinity) duration('window.slowCallMs', slowCallMs)
  else check('window.slowCallRate', slowCallRate, 'accompanied by slowCallMs', slowCallRate === Infinity)
  const rules = { minimumCalls, failureRate, slowCallRate }
  if (type === 'count') return { createTally: () => new CountWindow(most, rules), timedTally: false, slowCallMs }
  const { durationMs, buckets = 10 } = window
  duration('window.durationMs', durationMs, 'a finite number > 0', durationMs > 0)
  integer('window.buckets', buckets)
  return { createTally: () => new TimeWindow(durationMs, buckets, rules), timedTally: true, slowCallMs }
}

function totalDuration(
  value: NonNullable<CircuitBreakerOptions['openDurationMs']>,
  report: (error: unknown) => void,
): Rules['openDurationMs'] {
  if (typeof value !== 'function') {
    duration('openDurationMs', value)
    return () => value
  }
  return (context) => {
    try {
      const durationMs = value(context)
      duration('openDurationMs()', durationMs)
      return durationMs
    } catch (error) {
      report(error)
      return DEFAULT_OPEN_MS
    }
  }
}

function integer(name: string, value: unknown): void {
  check(
    name,
    value,
    'an integer >= 1',
    typeof value === 'number',
    Number.isSafeInteger(value) && (value as number) >= 1,
  )
}

function fraction(name: string, value: number): void {
  check(name, value, 'a number in (0, 1]', typeof value === 'number', value > 0 && value <= 1)
}

function duration(name: string, value: number, rule = 'a finite number >= 0', inRange: boolean = value >= 0): void {
  check(name, value, rule, typeof value === 'number', inRange && value < Infinity)
}

function check(name: string, value: unknown, rule: string, rightShape: boolean, inRange = true): void {
  if (rightShape && inRange) return
  const Fault = rightShape ? RangeError : TypeError
  throw new Fault(`${name} must be ${rule}, received ${typeof value === 'string' ? `"${value}"` : String(value)}`)
}
