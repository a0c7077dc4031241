import { onAbort } from './abort-listeners.ts'
import { checkSignal } from './check.ts'

/**
 * Runs `fn` with a signal that follows both, until it has settled. Not `AbortSignal.any`: Node keeps such a signal for as
 * long as any of its sources lives, if somebody left a listener on it.
 */
export async function withEither<T>(
  signals: readonly [AbortSignal, AbortSignal],
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (const signal of signals) {
    checkSignal(signal)
    signal.throwIfAborted()
  }
  const controller = new AbortController()
  const stops = signals.map((signal) => onAbort(signal, () => controller.abort(signal.reason)))
  try {
    return await fn(controller.signal)
  } finally {
    for (const stop of stops) stop()
  }
}
