/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import type { Clock } from '@aplomb/pipeline'

/** Time that moves only when it is told to. Like a platform's, its timers fire at once when the delay is too long for one. */
export class ManualClock implements Clock {
  #now = 0
  #lastHandle = 0
  readonly #timers = new Map<number, { readonly fn: () => void; readonly at: number }>()

  /** How many timers are pending. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  setTimeout(fn: () => void, ms: number): number {
    this.#lastHandle += 1
    this.#timers.set(this.#lastHandle, { fn, at: this.#now + (ms > 2 ** 31 - 1 ? 1 : ms) })
    return this.#lastHandle
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as number)
  }

  /** Moves on, calling what comes due on the way in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      const [handle, { fn, at }] = timer
      this.#timers.delete(handle)
      this.#now = at
      fn()
      await settled()
    }
    this.#now = until
  }

  #next(until: number): [number, { fn: () => void; at: number }] | undefined {
    return [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
  }
}

/** Resolves when every promise reaction that is due has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
