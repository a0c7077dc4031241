import type { Clock } from './clock.ts'

/** Timers with a longer delay fire at once, on every platform. */
const longestTimerMs = 2 ** 31 - 1

/** Where something stands in a `WaitingLine`. */
export interface Place<T> {
  readonly value: T
  readonly dueAt: number
  ahead: Place<T> | undefined
  behind: Place<T> | undefined
}

/**
 * Those who wait, the one who is due first in front and, among equals, the one who came first. A linked list, so that
 * leaving from the middle costs nothing, with one timer for all: newcomers belong at the end or close to it.
 */
export class WaitingLine<T> {
  readonly #clock: Clock
  readonly #onDue: (value: T) => void
  #first: Place<T> | undefined
  #last: Place<T> | undefined
  #size = 0
  #timer: unknown
  #timerAt = Infinity

  /** `onDue` is called with those whose time has come, after they have left the line. */
  constructor(clock: Clock, onDue: (value: T) => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  get size(): number {
    return this.#size
  }

  /** Joins for at most `waitMs`; `Infinity` never comes due, and asks neither clock nor timer. */
  join(value: T, waitMs: number): Place<T> {
    const dueAt = waitMs === Infinity ? Infinity : this.#clock.now() + waitMs
    let ahead = this.#last
    while (ahead !== undefined && ahead.dueAt > dueAt) ahead = ahead.ahead
    const place: Place<T> = { value, dueAt, ahead, behind: ahead === undefined ? this.#first : ahead.behind }
    this.#link(place.ahead, place)
    this.#link(place, place.behind)
    this.#size += 1
    if (dueAt < this.#timerAt) this.#setTimer(dueAt)
    return place
  }

  /** To be called once, and not for a place that has come due. */
  leave({ ahead, behind }: Place<T>): void {
    this.#link(ahead, behind)
    this.#size -= 1
    if (this.#size === 0) this.#clearTimer()
  }

  /** Takes the first out of the line. */
  shift(): T | undefined {
    const first = this.#first
    if (first === undefined) return undefined
    this.leave(first)
    return first.value
  }

  #link(ahead: Place<T> | undefined, behind: Place<T> | undefined): void {
    if (ahead === undefined) this.#first = behind
    else ahead.behind = behind
    if (behind === undefined) this.#last = ahead
    else behind.ahead = ahead
  }

  #setTimer(dueAt: number): void {
    this.#clearTimer()
    this.#timerAt = dueAt
    const delayMs = Math.ceil(dueAt - this.#clock.now())
    this.#timer = this.#clock.setTimeout(this.#callDue, Math.min(Math.max(delayMs, 0), longestTimerMs))
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
    for (let first = this.#first; first !== undefined && first.dueAt <= now; first = this.#first) {
      this.leave(first)
      this.#onDue(first.value)
    }
    if (this.#first !== undefined && this.#first.dueAt < this.#timerAt) this.#setTimer(this.#first.dueAt)
  }
}
