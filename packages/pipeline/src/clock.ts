import { checkFunction } from './check-option.ts'

/** Where time comes from. Replace it to test without waiting. */
export interface Clock {
  /** Monotonic milliseconds; their zero means nothing. The wall clock moving changes nothing. */
  now(): number
  /** Calls `fn` once, `ms` milliseconds from now. */
  setTimeout(fn: () => void, ms: number): unknown
  clearTimeout(handle: unknown): void
}

/** The platform's clock: `performance.now()` and its timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

/** @throws TypeError if `clock` lacks a method: half a clock would fail in the middle of a call. */
export function checkClock(clock: Clock): void {
  for (const method of ['now', 'setTimeout', 'clearTimeout'] as const) {
    checkFunction(`clock.${method}`, (clock as Clock | null)?.[method])
  }
}
