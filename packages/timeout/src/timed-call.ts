import { listen, unlisten, type AbortWaiter } from './abort-listener.ts'
import { TimeoutError } from './timeout-error.ts'
import { Timer } from './timer-list.ts'
import type { TimerQueue } from './timer-queue.ts'

/** What the function under a timeout is given. */
export interface TimeoutContext {
  /**
   * Aborted with the `TimeoutError` when the time is up, and with the caller's own reason when the caller's signal is.
   * Not aborted when the call settles. Made when it is first read.
   */
  readonly signal: AbortSignal
}

/** One call: a timer, a waiter for the caller's abort, and whichever of those or the function is first. */
export class TimedCall<T> extends Timer implements AbortWaiter {
  readonly #resolve: (value: T) => void
  readonly #reject: (reason: unknown) => void
  readonly #timers: TimerQueue
  readonly #timeoutMs: number
  readonly #message: string | undefined
  readonly #parent: AbortSignal | undefined
  #controller: AbortController | undefined = undefined
  #timeoutError: TimeoutError | undefined = undefined
  #settled = false

  constructor(
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
    timers: TimerQueue,
    timeoutMs: number,
    message: string | undefined,
    parent: AbortSignal | undefined,
  ) {
    super()
    this.#resolve = resolve
    this.#reject = reject
    this.#timers = timers
    this.#timeoutMs = timeoutMs
    this.#message = message
    this.#parent = parent
  }

  run(fn: (context: TimeoutContext) => T | PromiseLike<T>): void {
    // What is no signal throws here, before there is a timer to leave behind.
    if (this.#parent !== undefined) listen(this.#parent, this)
    if (this.#timeoutMs !== Infinity) this.#timers.add(this, this.#timeoutMs)
    try {
      // Whatever a thenable of another make does, it settles once; and what settles late is handled here all the same.
      Promise.resolve(fn(new LazyContext(this))).then(
        (value) => this.#settle() && this.#resolve(value),
        (error: unknown) => this.#settle() && this.#reject(error),
      )
    } catch (error) {
      if (this.#settle()) this.#reject(error)
    }
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#timeoutError !== undefined) this.#controller.abort(this.#timeoutError)
      else if (this.#parent?.aborted) this.#controller.abort(this.#parent.reason)
    }
    return this.#controller.signal
  }

  // A function that has resolved in this very turn is heard first: its reaction is already queued. Only then is the
  // signal aborted, which could otherwise destroy the body of a response that is about to be delivered.
  expire(): void {
    queueMicrotask(() => {
      if (!this.#settle()) return
      this.#timeoutError = new TimeoutError(this.#timeoutMs, this.#message)
      this.#reject(this.#timeoutError)
      this.#controller?.abort(this.#timeoutError)
    })
  }

  // The reason is queued before the function hears of it, so that it wins over what the function makes of it.
  aborted(reason: unknown): void {
    queueMicrotask(() => {
      if (this.#settle()) this.#reject(reason)
    })
    this.#controller?.abort(reason)
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#timers.remove(this)
    if (this.#parent !== undefined) unlisten(this.#parent, this)
    return true
  }
}

/** The side of a call that its function sees. */
class LazyContext implements TimeoutContext {
  readonly #call: TimeoutContext

  constructor(call: TimeoutContext) {
    this.#call = call
  }

  get signal(): AbortSignal {
    return this.#call.signal
  }
}
