import { checkMethods } from './option-checks.ts'

/**
 * Where time comes from. Give your own to test without waiting.
 *
 * A handle that has `ref()` and `unref()`, as Node's has, is left armed but unreferenced between calls, so that the
 * next call need not arm it again. A handle without them is cleared as soon as nothing waits.
 */
export interface Clock {
  /** Monotonic milliseconds; their zero means nothing. */
  now(): number
  /** Calls `fn` once, `ms` milliseconds from now. `ms` is at most 2^31-1. */
  setTimeout(fn: () => void, ms: number): unknown
  clearTimeout(handle: unknown): void
}

/**
 * The platform's clock: `performance.now()` and its timers, looked up when they are used, so that fake timers which
 * replace both work: Vitest's and Sinon's do. `mock.timers` of `node:test` leaves `performance` alone, so that time
 * stands still for what it fires; give a `clock` of your own there.
 *
 * @example
 * ```ts
 * const startedAt = systemClock.now()
 * ```
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  // Timers cut off what is behind the point: rounded up, they need no second round.
  setTimeout: (fn, ms) => setTimeout(fn, Math.ceil(ms)),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

/** Throws a `TypeError` for what is no clock. */
export function checkClock(clock: Clock): void {
  checkMethods('clock', clock, ['now', 'setTimeout', 'clearTimeout'])
}
