import type { Clock } from '@aplomb/retry'

interface Timer {
  readonly at: number
  readonly fn: () => void
}

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #now = 0
  #timers = new Set<Timer>()
  /** Every delay that a timer was started with. */
  readonly delays: number[] = []

  now(): number {
    return this.#now
  }

  setTimeout(fn: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, fn }
    this.delays.push(ms)
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as Timer)
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Moves on by `ms`: what is due on the way is called in its order, with the microtasks of each in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let due = this.#next(until); due; due = this.#next(until)) {
      this.#now = Math.max(this.#now, due.at)
      this.#timers.delete(due)
      due.fn()
      // oxlint-disable-next-line no-await-in-loop -- each timer's consequences come before the next timer
      await settle()
    }
    this.#now = until
  }

  /** Moves the time and calls nothing: a busy event loop. */
  stall(ms: number): void {
    this.#now += ms
  }

  #next(until: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  }
}

/** Lets all microtasks run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A signal that counts its listeners. */
export function countingSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  const on = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  add('abort', () => on.clear())
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    on.add(args[1])
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    on.delete(args[1])
    remove(...args)
  }
  return { controller, listeners: () => on.size }
}

/** A promise and what settles it. */
export function deferred<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (reason: unknown) => void
} {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  return { promise, resolve, reject }
}

/** The error that `promise` rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise])
  if (outcome?.status !== 'rejected') throw new Error('It did not reject')
  return outcome.reason
}

/** An error that is retried by default. */
export function passing(message = 'passing'): Error {
  return Object.assign(new Error(message), { retryable: true })
}

/** Fails `times` times, then gives 'ok'. */
export function failing(times: number, error: unknown = passing()): () => string {
  let left = times
  return () => {
    left -= 1
    if (left >= 0) throw error
    return 'ok'
  }
}

/** An error with a status that is retried by default. */
export const busy: Error = Object.assign(new Error('busy'), { status: 503 })

/** What always throws. */
export function fail(error: unknown = busy): () => never {
  return () => {
    throw error
  }
}

export function never(): Promise<never> {
  return new Promise(() => {})
}
