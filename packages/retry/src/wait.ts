import { onAbort } from './abort-listeners.ts'
import type { Clock } from './clock.ts'
import { startTimer } from './timer.ts'

/** Resolves after `ms`; an abort rejects at once with the signal's own reason. Leaves no timer and no listener. */
export function wait(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = startTimer(clock, ms, () => {
      stopListening?.()
      resolve()
    })
    const stopListening =
      signal &&
      onAbort(signal, () => {
        cancel()
        reject(signal.reason)
      })
  })
}
