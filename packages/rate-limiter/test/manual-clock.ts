import type { Clock } from '@aplomb/rate-limiter'

interface Timer {
  readonly at: number
  readonly fn: () => void
}

/** A clock that moves when it is told to, and fires what falls due on the way at its exact time. */
export class ManualClock implements Clock {
  readonly timers: Set<Timer> = new Set()
  #now: number

  constructor(now: number = 0) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  setTimeout(fn: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, fn }
    this.timers.add(timer)
    return timer
  }

  clearTimeout(handle: unknown): void {
    this.timers.delete(handle as Timer)
  }

  /** Moves on, then lets settled promises be seen. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.fn()
    }
    this.#now = end
    await settled()
  }

  /** Moves without firing anything: a late timer, a clock that was set back. */
  jump(ms: number): void {
    this.#now += ms
  }
}

/** Lets every promise that is settled run its callbacks. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
