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
  // Timers cut off what is behind the point, and a minimum wait is a minimum.
  setTimeout: (fn, ms) => setTimeout(fn, Math.ceil(ms)),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}
