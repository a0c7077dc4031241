import type { Clock } from '@aplomb/timeout'
import { settled } from './promises.ts'

interface ArmedTimer {
  readonly fn: () => void
  readonly at: number
}

/** A clock that stands still until it is moved. Like the platform's, a delay above 2^31-1 ms fires at once. */
export class ManualClock implements Clock {
  readonly #armed = new Set<ArmedTimer>()
  #now: number
  /** How often a timer was armed. */
  arms = 0

  constructor(startAt = 1_000) {
    this.#now = startAt
  }

  /** How many timers are armed. */
  get armed(): number {
    return this.#armed.size
  }

  now(): number {
    return this.#now
  }

  setTimeout(fn: () => void, ms: number): ArmedTimer {
    this.arms += 1
    const timer = { fn, at: this.#now + (ms > 2 ** 31 - 1 ? 0 : ms) }
    this.#armed.add(timer)
    return timer
  }

  clearTimeout(handle: unknown): void {
    this.#armed.delete(handle as ArmedTimer)
  }

  /** Moves time on, fires what is due on the way at its own time, and lets promises settle afterwards. */
  async advance(ms: number): Promise<void> {
    this.advanceNow(ms)
    await settled()
  }

  /** Moves time on while nothing else can run, as code that blocks does. */
  block(ms: number): void {
    this.#now += ms
  }

  /** Moves time on and fires what is due, within this turn. */
  advanceNow(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#armed].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#armed.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.fn()
    }
    this.#now = end
  }
}
