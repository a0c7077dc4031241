/** Where time comes from. Replace it to test without waiting. */
export interface Clock {
  /** Monotonic milliseconds; their zero means nothing. The wall clock moving changes nothing. */
  now(): number
}

/** The platform's monotonic clock. */
export const systemClock: Clock = { now: () => performance.now() }
