import { listen, unlisten, type AbortWaiter } from './abort-listener.ts'
import { TimeoutError } from './timeout-error.ts'
import { Timer } from './timer-heap.ts'
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
  #settled = false
  /** Why the call was given up, if it was. */
  #reason: unknown = undefined

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
      this.#follow(fn(new LazyContext(this)))
    } catch (error) {
      this.#fail(error)
    }
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      const reason = this.#settled ? this.#reason : this.#parent?.reason
      if (reason !== undefined) this.#controller.abort(reason)
    }
    return this.#controller.signal
  }

  // A function that has resolved in this very turn is heard first: its reaction is already queued. Only then is the
  // signal aborted, which could otherwise destroy the body of a response that is about to be delivered.
  expire(): void {
    queueMicrotask(() => this.#giveUp())
  }

  // The reason is queued before the function hears of it, so that it wins over what the function makes of it.
  aborted(reason: unknown): void {
    if (this.#settled) return
    queueMicrotask(() => this.#giveUp())
    this.#controller?.abort(reason)
  }

  // What `Promise.resolve` does, but without its turns between a thenable and its value, in which an abort would drop
  // what has been committed. A thenable of any make is heard once, and what it says late is handled all the same.
  #follow(result: T | PromiseLike<T>): void {
    if (result instanceof Promise) {
      // The usual case needs none of the precautions below.
      result.then(
        (value: T) => this.#succeed(value),
        (error: unknown) => this.#fail(error),
      )
      return
    }
    const then: unknown = isObject(result) ? Reflect.get(result, 'then') : undefined
    if (typeof then !== 'function') return this.#succeed(result as T)
    let heard = false
    const once =
      <V>(listener: (value: V) => void) =>
      (value: V): void => {
        if (heard) return
        heard = true
        listener(value)
      }
    const fail = once((error: unknown) => this.#fail(error))
    try {
      Reflect.apply(then, result, [once((value: T) => this.#follow(value)), fail])
    } catch (error) {
      fail(error)
    }
  }

  #succeed(value: T): void {
    if (this.#settle()) this.#resolve(value)
  }

  #fail(error: unknown): void {
    if (this.#parent?.aborted) this.#giveUp()
    else if (this.#settle()) this.#reject(error)
  }

  // Whatever told of it first, an abort by the caller is never a timeout.
  #giveUp(): void {
    if (!this.#settle()) return
    this.#reason = this.#parent?.aborted ? this.#parent.reason : new TimeoutError(this.#timeoutMs, this.#message)
    this.#reject(this.#reason)
    this.#controller?.abort(this.#reason)
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

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
