import { show } from './check.ts'

/** Where time comes from. Replace it to test without waiting. */
export interface Clock {
  /** Monotonic milliseconds; their zero means nothing. The wall clock moving changes nothing. */
  now(): number
}

/** The platform's monotonic clock. */
export const systemClock: Clock = { now: () => performance.now() }

/** A clock that never throws: one that fails is reported and stands still, and the calls go on. */
export function safeClock(clock: Clock, report: (error: unknown) => void): Clock {
  let last = 0
  let asking = false
  return {
    now() {
      // Whoever is told of the failure may use the circuit, and that must not ask the clock again.
      if (asking) return last
      asking = true
      try {
        const now = clock.now()
        if (!Number.isFinite(now)) throw new TypeError(`clock.now() must return a finite number, received ${show(now)}`)
        last = now
      } catch (error) {
        report(error)
      } finally {
        asking = false
      }
      return last
    },
  }
}
