import { ManualClock } from './manual-clock.ts'

/** A clock whose handles can be unreferenced, as Node's. */
export class ReferableClock extends ManualClock {
  /** How many of the armed timers hold the process. */
  referenced = 0

  override setTimeout(fn: () => void, ms: number): ReturnType<ManualClock['setTimeout']> {
    let isReferenced = true
    this.referenced += 1
    const set = (wanted: boolean): void => {
      if (isReferenced !== wanted) this.referenced += wanted ? 1 : -1
      isReferenced = wanted
    }
    const fire = (): void => {
      set(false)
      fn()
    }
    return Object.assign(super.setTimeout(fire, ms), { ref: () => set(true), unref: () => set(false) })
  }

  override clearTimeout(handle: unknown): void {
    ;(handle as { unref(): void }).unref()
    super.clearTimeout(handle)
  }
}
