import { onAbort } from './abort-listeners.ts'
import type { Clock } from './clock.ts'
import { startTimer } from './timer.ts'

export interface Interruptions {
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
  /** `Infinity` starts no timer. */
  readonly timeoutMs: number
  /** Called when the time is over; returns the error to reject with. */
  readonly onTimeout: () => unknown
}

/**
 * Settles as `start()` does, unless an abort or the timeout comes first: then what was started is left behind, and its
 * late rejection is handled.
 */
export function interruptible<T>(
  start: () => T | PromiseLike<T>,
  { signal, clock, timeoutMs, onTimeout }: Interruptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancelTimer?.()
      stopListening?.()
    }
    // Two microtasks later: a value that was there in this very turn, even one returned by a function that aborted its
    // own signal on the way, is heard first.
    const interrupt = (reason: unknown): void => {
      end()
      queueMicrotask(() => queueMicrotask(() => reject(reason)))
    }
    const stopListening = signal && onAbort(signal, () => interrupt(signal.reason))
    const cancelTimer = timeoutMs === Infinity ? undefined : startTimer(clock, timeoutMs, () => interrupt(onTimeout()))

    // An async function turns a synchronous throw into a rejection and takes foreign thenables.
    const call = async (): Promise<void> => {
      try {
        const value = await start()
        end()
        resolve(value)
      } catch (error) {
        end()
        reject(error)
      }
    }
    void call()
  })
}
