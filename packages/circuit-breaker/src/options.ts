import { checkFunction, checkInteger, checkNumber, checkObject, checkShape } from './check.ts'
import type { Outcome } from './classify.ts'
import { type Clock, safeClock, systemClock } from './clock.ts'
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
      /** How many of the last counted outcomes are remembered, at most 1,000,000. */
      size: number
    } & RateOptions)
  | ({
      type: 'time'
      /** How long outcomes are remembered, in milliseconds. */
      durationMs: number
      /** In how many parts, at most 10,000; the oldest is forgotten at once. @default 10 */
      buckets?: number
    } & RateOptions)

/** `error` is that of the outcome that opened the circuit: `undefined` if that was a slow success. */
type OpenContext = { openings: number; error: unknown }

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
  openDurationMs?: number | ((context: OpenContext) => number)
  halfOpen?: {
    /** How many probes run at a time. @default 1 */
    maxConcurrent?: number
    /** A probe that has taken this many milliseconds, more than 0, gives its place back. @default 60_000 */
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
  /** Told what a listener, `classify`, `openDurationMs` or `clock` throws. @default `reportError`, or an uncaught exception */
  onListenerError?: (error: unknown) => void
}

export interface Settings extends Rules {
  readonly name: string
  readonly createTally: () => Tally
  /** Whether the tally asks for the time. */
  readonly timedTally: boolean
  readonly slowCallMs: number
  /** Total: never throws, always finite and >= 0. Absent where the duration is a number. */
  readonly askOpenMs: ((context: OpenContext) => number) | undefined
  readonly classify: ((outcome: Outcome) => Verdict) | undefined
  readonly clock: Clock
  readonly stackTraces: boolean
  readonly report: (error: unknown) => void
}

const DEFAULT_OPEN_MS = 30_000
const MOST_SIZE = 1_000_000
const MOST_BUCKETS = 10_000
/** Buckets are numbered by the clock: the numbers of shorter ones are too large to count with, by the time of day. */
const LEAST_BUCKET_MS = 0.001

/** Checks the options and fills in the defaults; nothing of the caller's objects is kept but functions and the clock. */
export function resolveOptions(options: CircuitBreakerOptions): Settings {
  checkObject('options', options)
  const {
    name = 'circuit',
    failureThreshold = 5,
    window,
    successThreshold = 1,
    openDurationMs = DEFAULT_OPEN_MS,
    halfOpen = {},
    classify,
    clock = systemClock,
    stackTraces = false,
    onListenerError,
  } = options
  checkObject('halfOpen', halfOpen)
  const { maxConcurrent = 1, maxDurationMs = 60_000 } = halfOpen
  checkShape('name', name, 'a string', typeof name === 'string')
  checkInteger('failureThreshold', failureThreshold)
  checkInteger('successThreshold', successThreshold)
  checkInteger('halfOpen.maxConcurrent', maxConcurrent)
  checkPositive('halfOpen.maxDurationMs', maxDurationMs)
  if (classify !== undefined) checkFunction('classify', classify)
  checkShape('clock', clock, 'an object with now()', typeof clock?.now === 'function')
  checkShape('stackTraces', stackTraces, 'a boolean', typeof stackTraces === 'boolean')
  if (onListenerError !== undefined) checkFunction('onListenerError', onListenerError)
  if (window !== undefined && options.failureThreshold !== undefined) {
    throw new TypeError(`failureThreshold must not be given together with window, received ${failureThreshold}`)
  }
  const report = safeReporter(onListenerError)
  const asks = typeof openDurationMs === 'function'
  if (!asks) checkDuration('openDurationMs', openDurationMs)
  return {
    name,
    successThreshold,
    maxConcurrent,
    maxDurationMs,
    classify,
    clock: safeClock(clock, report),
    stackTraces,
    report,
    openMs: asks ? DEFAULT_OPEN_MS : openDurationMs,
    askOpenMs: asks ? totalDuration(openDurationMs, report) : undefined,
    ...(window === undefined
      ? { createTally: () => new ConsecutiveTally(failureThreshold), timedTally: false, slowCallMs: Infinity }
      : resolveWindow(window)),
  }
}

function resolveWindow(window: WindowOptions): Pick<Settings, 'createTally' | 'timedTally' | 'slowCallMs'> {
  checkObject('window', window)
  const { type, failureRate, slowCallRate, slowCallMs } = window
  checkShape('window.type', type, "'count' or 'time'", type === 'count' || type === 'time')
  if (type === 'count') checkInteger('window.size', window.size, MOST_SIZE)
  const most = type === 'count' ? window.size : Infinity
  const { minimumCalls = Math.min(10, most) } = window
  checkInteger('window.minimumCalls', minimumCalls)
  checkNumber('window.minimumCalls', minimumCalls, `an integer <= size (${most})`, (calls) => calls <= most)
  if (failureRate !== undefined) checkFraction('window.failureRate', failureRate)
  if (slowCallRate !== undefined) checkFraction('window.slowCallRate', slowCallRate)
  if (slowCallMs !== undefined) checkDuration('window.slowCallMs', slowCallMs)
  else checkShape('window.slowCallRate', slowCallRate, 'accompanied by slowCallMs', slowCallRate === undefined)
  const rules = {
    minimumCalls,
    failureRate: failureRate ?? (slowCallRate === undefined ? 0.5 : Infinity),
    slowCallRate: slowCallRate ?? Infinity,
  }
  const slow = { slowCallMs: slowCallMs ?? Infinity }
  if (type === 'count') return { createTally: () => new CountWindow(most, rules), timedTally: false, ...slow }
  const { durationMs, buckets = 10 } = window
  checkInteger('window.buckets', buckets, MOST_BUCKETS)
  checkPositive('window.durationMs', durationMs)
  const least = buckets * LEAST_BUCKET_MS
  checkNumber('window.durationMs', durationMs, `>= ${least} for ${buckets} buckets`, (ms) => ms >= least)
  return { createTally: () => new TimeWindow(durationMs, buckets, rules), timedTally: true, ...slow }
}

function totalDuration(
  ask: (context: OpenContext) => number,
  report: (error: unknown) => void,
): (context: OpenContext) => number {
  return (context) => {
    try {
      const durationMs = ask(context)
      checkDuration('openDurationMs()', durationMs)
      return durationMs
    } catch (error) {
      report(error)
      return DEFAULT_OPEN_MS
    }
  }
}

function checkFraction(name: string, value: unknown): void {
  checkNumber(name, value, 'a number in (0, 1]', (fraction) => fraction > 0 && fraction <= 1)
}

function checkDuration(name: string, value: unknown): void {
  checkNumber(name, value, 'a finite number >= 0', (ms) => ms >= 0 && ms < Infinity)
}

function checkPositive(name: string, value: unknown): void {
  checkNumber(name, value, 'a finite number > 0', (ms) => ms > 0 && ms < Infinity)
}
