import { systemClock, type Clock } from './clock.ts'
import { TimerHeap, type Timer } from './timer-heap.ts'

// A longer delay overflows the platform's 32-bit integer and fires at once.
const longestDelayMs = 2 ** 31 - 1

/**
 * Any number of timers over one timer of the clock.
 *
 * The clock's timer is not moved when the earliest timer is removed, which is how nearly every call ends: it fires,
 * finds nothing due and is armed for whatever is earliest then.
 */
export class TimerQueue {
  readonly #clock: Clock
  readonly #heap = new TimerHeap()
  /** How many of the timers hold the process. */
  #holding = 0
  #handle: unknown
  /** The handle, if it can be unreferenced; then it may stay armed while nothing waits. */
  #referable: Referable | undefined
  #armedFor = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(timer: Timer, durationMs: number): void {
    const now = this.#clock.now()
    // Platforms' timers count whole milliseconds too.
    timer.expiresAt = now + Math.ceil(durationMs)
    this.#heap.add(timer)
    if (timer.holdsProcess) {
      this.#holding += 1
      if (this.#holding === 1) this.#referable?.ref()
    }
    if (timer.expiresAt < this.#armedFor) this.#arm(timer.expiresAt, now)
  }

  /** Does nothing for a timer that has expired or was removed. */
  remove(timer: Timer): void {
    if (timer.index === -1) return
    this.#heap.remove(timer)
    if (timer.holdsProcess) {
      this.#holding -= 1
      if (this.#holding === 0) this.#referable?.unref()
    }
    if (this.#heap.first === undefined && this.#referable === undefined) this.#disarm()
  }

  #arm(expiresAt: number, now: number): void {
    this.#disarm()
    this.#armedFor = expiresAt
    const handle = this.#clock.setTimeout(this.#fire, Math.min(longestDelayMs, expiresAt - now))
    this.#handle = handle
    this.#referable = (handle as Partial<Referable> | undefined)?.unref && (handle as Referable)
    if (this.#holding === 0) this.#referable?.unref()
  }

  #disarm(): void {
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle)
    this.#handle = this.#referable = undefined
    this.#armedFor = Infinity
  }

  readonly #fire = (): void => {
    this.#disarm()
    const now = this.#clock.now()
    let { first } = this.#heap
    while (first !== undefined && first.expiresAt <= now) {
      this.remove(first)
      first.expire()
      first = this.#heap.first
    }
    if (first !== undefined && first.expiresAt < this.#armedFor) this.#arm(first.expiresAt, now)
  }
}

interface Referable {
  ref(): void
  unref(): void
}

const queues = new WeakMap<object, TimerQueue>()

/** The one queue of a clock. */
export function timersOf(clock: Clock): TimerQueue {
  // Fake timers replace the global functions: what is armed before does not fire after, so each has a queue of its own.
  const key = clock === systemClock ? globalThis.setTimeout : clock
  let queue = queues.get(key)
  if (queue === undefined) {
    queue = new TimerQueue(clock)
    queues.set(key, queue)
  }
  return queue
}
