import { systemClock, type Clock } from './clock.ts'
import { TimerHeap } from './timer-heap.ts'
import { TimerList, type Timer } from './timer-list.ts'

// A longer delay overflows the platform's 32-bit integer and fires at once.
const longestDelayMs = 2 ** 31 - 1

/**
 * Any number of timers over one timer of the clock: a list for each duration, a heap over the lists. Adding to a list
 * and removing from it are O(1); the heap is touched only when a list comes, goes or has its turn.
 *
 * The clock's timer is not moved when the earliest timer is removed, which is how nearly every call ends: it fires,
 * finds nothing due and is armed for whatever is earliest then.
 */
export class TimerQueue {
  readonly #clock: Clock
  readonly #heap = new TimerHeap()
  readonly #lists = new Map<number, TimerList>()
  /** The one list that may be empty, so that calls which come one by one do not make and drop a list each. */
  #spare: TimerList | undefined
  #size = 0
  /** How many of the timers hold the process. */
  #holding = 0
  #handle: unknown
  /** The handle, if it can be unreferenced; then it may stay armed while nothing waits. */
  #referable: Referable | undefined
  #armedFor = Number.POSITIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(timer: Timer, durationMs: number): void {
    const now = this.#clock.now()
    const expiresAt = now + durationMs
    timer.expiresAt = expiresAt
    this.#listFor(durationMs, expiresAt).append(timer)
    this.#size += 1
    if (timer.holdsProcess) this.#hold()
    if (expiresAt < this.#armedFor) this.#arm(now)
  }

  /** Does nothing for a timer that has expired or was removed. */
  remove(timer: Timer): void {
    const { list } = timer
    if (list === undefined) return
    list.remove(timer)
    this.#size -= 1
    if (list.first === undefined) this.#retire(list)
    if (timer.holdsProcess) this.#release()
    if (this.#size === 0 && this.#referable === undefined) this.#disarm()
  }

  #listFor(durationMs: number, expiresAt: number): TimerList {
    let list = this.#lists.get(durationMs)
    if (list === undefined) {
      list = new TimerList(durationMs)
      list.dueAt = expiresAt
      this.#lists.set(durationMs, list)
      this.#heap.add(list)
    } else if (list.first === undefined) {
      list.dueAt = expiresAt
      this.#heap.reorder(list)
    }
    if (list === this.#spare) this.#spare = undefined
    return list
  }

  /** Keeps the list that has just become empty as the spare, and drops the spare before it. */
  #retire(list: TimerList): void {
    if (this.#spare !== undefined) {
      this.#lists.delete(this.#spare.durationMs)
      this.#heap.remove(this.#spare)
    }
    this.#spare = list
    list.dueAt = Number.POSITIVE_INFINITY
    this.#heap.reorder(list)
  }

  #arm(now: number): void {
    this.#disarm()
    const dueAt = this.#heap.top?.dueAt ?? Number.POSITIVE_INFINITY
    if (dueAt === Number.POSITIVE_INFINITY) return
    this.#armedFor = dueAt
    this.#handle = this.#clock.setTimeout(this.#fire, Math.min(longestDelayMs, Math.max(0, dueAt - now)))
    this.#referable = isReferable(this.#handle) ? this.#handle : undefined
    if (this.#holding === 0) this.#referable?.unref()
  }

  #disarm(): void {
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle)
    this.#handle = undefined
    this.#referable = undefined
    this.#armedFor = Number.POSITIVE_INFINITY
  }

  readonly #fire = (): void => {
    this.#handle = undefined
    this.#referable = undefined
    const now = this.#clock.now()
    for (let list = this.#heap.top; list !== undefined && list.dueAt <= now; list = this.#heap.top) {
      const timer = list.first
      if (timer === undefined) break
      if (timer.expiresAt > list.dueAt) {
        list.dueAt = timer.expiresAt
        this.#heap.reorder(list)
      } else {
        this.remove(timer)
        timer.expire()
      }
    }
    this.#arm(now)
  }

  #hold(): void {
    this.#holding += 1
    if (this.#holding === 1) this.#referable?.ref()
  }

  #release(): void {
    this.#holding -= 1
    if (this.#holding === 0) this.#referable?.unref()
  }
}

interface Referable {
  ref(): void
  unref(): void
}

function isReferable(handle: unknown): handle is Referable {
  return typeof handle === 'object' && handle !== null && 'unref' in handle && 'ref' in handle
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
