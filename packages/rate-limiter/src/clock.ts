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

/** What one timer can hold: 2^31 - 1 ms, 24.8 days. A longer delay would fire at once. */
const longestDelayMs = 2_147_483_647

/** Starts a timer that is never early for being too long: it may fire too soon, and whoever set it looks again. */
export function startTimer(clock: Clock, fn: () => void, ms: number): unknown {
  return clock.setTimeout(fn, Math.min(ms, longestDelayMs))
}

/** A clock's time in whole microseconds, the grain of every decision. It never goes back, even if the clock does. */
export class Ticker {
  readonly #clock: Clock
  #latest = -Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    // To the nearest microsecond, but for a tie halfway between two nanoseconds: on one that a clock can show, what is
    // added to it would be rounded up at times, and down at others.
    const now = Math.floor(this.#clock.now() * 1000 + 0.4995)
    if (now > this.#latest) this.#latest = now
    return this.#latest
  }
}
