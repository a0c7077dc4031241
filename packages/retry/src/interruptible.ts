import { onAbort } from './abort-listeners.ts'
import type { Clock } from './clock.ts'
import { isThenable } from './is-thenable.ts'
import { startTimer } from './timer.ts'

export interface Interruptions {
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
  /** `Infinity` starts no timer. */
  readonly timeoutMs: number
  /** Called when the time is over; returns the error to reject with. */
  readonly onTimeout: () => unknown
  /** Told of an abort in its turn, and of a timeout when it has rejected. */
  readonly onInterrupt?: (reason: unknown) => void
}

/**
 * Settles as `start()` does, unless an abort or the timeout comes first: then what was started is left behind, and its
 * late rejection is handled.
 */
export function interruptible<T>(
  start: () => T | PromiseLike<T>,
  { signal, clock, timeoutMs, onTimeout, onInterrupt }: Interruptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false
    const stop = (): void => {
      cancelTimer?.()
      stopListening?.()
    }
    const fail = (error: unknown): void => {
      settled = true
      stop()
      reject(error)
    }
    // Attached directly, since `await` takes two more microtasks for what is not a plain promise.
    const take = (outcome: T | PromiseLike<T>): void => {
      try {
        if (isThenable(outcome)) return void outcome.then(take, fail)
        settled = true
        stop()
        resolve(outcome)
      } catch (error) {
        fail(error)
      }
    }
    // Two microtasks later: an outcome that was there in this very turn, even that of a function that aborted its own
    // signal on the way, is heard first, and what `fn` makes of a timeout is not taken for one.
    const interrupt = (end: () => void): void => {
      stop()
      queueMicrotask(() => queueMicrotask(() => settled || end()))
    }
    const stopListening =
      signal &&
      onAbort(signal, () => {
        onInterrupt?.(signal.reason)
        interrupt(() => fail(signal.reason))
      })
    const timeOut = (): void => {
      const error = onTimeout()
      fail(error)
      onInterrupt?.(error)
    }
    const cancelTimer = timeoutMs === Infinity ? undefined : startTimer(clock, timeoutMs, () => interrupt(timeOut))

    try {
      take(start())
    } catch (error) {
      fail(error)
    }
  })
}
