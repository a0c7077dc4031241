import { systemClock, type Clock } from './clock.ts'
import { TimerList, type Timer } from './timer-list.ts'

// A longer delay overflows the platform's 32-bit integer and fires at once.
const longestDelayMs = 2 ** 31 - 1

/**
 * Any number of timers over one timer of the clock. There is a list for each duration in whole milliseconds, so adding
 * and removing are O(1), and only when the clock's timer fires are the lists, which are few, looked through.
 *
 * The clock's timer is not moved when the earliest timer is removed, which is how nearly every call ends: it fires,
 * finds nothing due and is armed for whatever is earliest then.
 */
export class TimerQueue {
  readonly #clock: Clock
  readonly #lists = new Map<number, TimerList>()
  #size = 0
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
    // Platforms' timers count whole milliseconds too. Rounding bounds the number of lists, whatever the callers ask for.
    const wholeMs = Math.ceil(durationMs)
    const now = this.#clock.now()
    timer.expiresAt = now + wholeMs
    let list = this.#lists.get(wholeMs)
    if (list === undefined) {
      list = new TimerList()
      this.#lists.set(wholeMs, list)
    }
    list.append(timer)
    this.#size += 1
    if (timer.holdsProcess) {
      this.#holding += 1
      if (this.#holding === 1) this.#referable?.ref()
    }
    if (timer.expiresAt < this.#armedFor) this.#arm(timer.expiresAt, now)
  }

  /** Does nothing for a timer that has expired or was removed. */
  remove(timer: Timer): void {
    if (timer.list === undefined) return
    timer.list.remove(timer)
    this.#size -= 1
    if (timer.holdsProcess) {
      this.#holding -= 1
      if (this.#holding === 0) this.#referable?.unref()
    }
    if (this.#size === 0 && this.#referable === undefined) {
      this.#disarm()
      this.#lists.clear()
    }
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
    const due: Timer[] = []
    for (const list of this.#lists.values()) {
      for (let timer = list.first; timer !== undefined && timer.expiresAt <= now; timer = timer.next) due.push(timer)
    }
    for (const timer of due.sort((a, b) => a.expiresAt - b.expiresAt)) {
      // One that expired before it may have taken it out.
      if (timer.list === undefined) continue
      this.remove(timer)
      timer.expire()
    }
    let earliest = Infinity
    for (const [wholeMs, { first }] of this.#lists) {
      if (first === undefined) this.#lists.delete(wholeMs)
      else earliest = Math.min(earliest, first.expiresAt)
    }
    if (earliest < this.#armedFor) this.#arm(earliest, now)
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
