import type { Clock } from './clock.ts'

/** Timers with a longer delay fire at once, on every platform. */
const longestTimerMs = 2 ** 31 - 1

/** Where something stands in a `WaitingLine`. */
export interface Place<T> {
  readonly value: T
  readonly dueAt: number
  /** Tells who came first. */
  readonly ticket: number
  index: number
}

/**
 * Those who wait, the one who is due first in front and, among equals, the one who came first; with one timer for all.
 * A binary heap (J. W. J. Williams, "Algorithm 232", CACM 7(6), 1964), so that joining and leaving stay cheap where a
 * hundred thousand wait, whatever the order in which they come due.
 */
export class WaitingLine<T> {
  readonly #clock: Clock
  readonly #onDue: (value: T) => void
  readonly #heap: Place<T>[] = []
  #ticket = 0
  #timer: unknown
  #timerAt = Infinity

  /** `onDue` is called with those whose time has come, after they have left the line. */
  constructor(clock: Clock, onDue: (value: T) => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  get size(): number {
    return this.#heap.length
  }

  /** Joins for at most `waitMs`; `Infinity` never comes due, and asks neither clock nor timer. */
  join(value: T, waitMs: number): Place<T> {
    const dueAt = waitMs === Infinity ? Infinity : this.#clock.now() + waitMs
    // Before joining: if the clock throws, nobody is left behind in the line.
    if (dueAt < this.#timerAt) this.#setTimer(dueAt)
    this.#ticket += 1
    const place: Place<T> = { value, dueAt, ticket: this.#ticket, index: this.#heap.length }
    this.#rise(place)
    return place
  }

  /** To be called once, and not for a place that has come due. */
  leave({ index }: Place<T>): void {
    const last = this.#heap.pop()
    if (last !== undefined && last.index !== index) {
      last.index = index
      this.#rise(last)
      this.#sink(last)
    }
    if (this.size === 0) this.#clearTimer()
  }

  /** Takes the first out of the line. */
  shift(): T | undefined {
    const first = this.#heap[0]
    if (first === undefined) return undefined
    this.leave(first)
    return first.value
  }

  #rise(place: Place<T>): void {
    for (;;) {
      const parent = this.#heap[(place.index - 1) >> 1]
      if (parent === undefined || !isBefore(place, parent)) break
      this.#swap(place, parent)
    }
    this.#heap[place.index] = place
  }

  #sink(place: Place<T>): void {
    for (;;) {
      const left = this.#heap[2 * place.index + 1]
      const right = this.#heap[2 * place.index + 2]
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || !isBefore(child, place)) return
      this.#swap(child, place)
    }
  }

  #swap(rising: Place<T>, sinking: Place<T>): void {
    const { index } = sinking
    sinking.index = rising.index
    rising.index = index
    this.#heap[rising.index] = rising
    this.#heap[sinking.index] = sinking
  }

  #setTimer(dueAt: number): void {
    const delayMs = Math.ceil(dueAt - this.#clock.now())
    const timer = this.#clock.setTimeout(this.#callDue, Math.min(Math.max(delayMs, 0), longestTimerMs))
    this.#clearTimer()
    this.#timer = timer
    this.#timerAt = dueAt
  }

  #clearTimer(): void {
    if (this.#timerAt === Infinity) return
    this.#timerAt = Infinity
    this.#clock.clearTimeout(this.#timer)
  }

  // The timer may also be early: the place it was set for has left, or the delay was longer than a timer can be.
  readonly #callDue = (): void => {
    this.#timerAt = Infinity
    const now = this.#clock.now()
    for (let first = this.#heap[0]; first !== undefined && first.dueAt <= now; first = this.#heap[0]) {
      this.leave(first)
      this.#onDue(first.value)
    }
    const next = this.#heap[0]
    if (next !== undefined && next.dueAt < this.#timerAt) this.#setTimer(next.dueAt)
  }
}

function isBefore(one: Place<unknown>, other: Place<unknown>): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.ticket < other.ticket)
}
