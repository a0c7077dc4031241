import { isThenable } from './is-thenable.ts'

/**
 * Tells of an error in a hook of the user's without touching the call it was made for: to `onListenerError`, else as
 * the platform does for an event listener: `reportError`, or, where there is none (Node), an uncaught exception.
 */
export function report(error: unknown, onListenerError: ((error: unknown) => void) | undefined): void {
  try {
    if (onListenerError) return watch(onListenerError(error), undefined)
  } catch (second) {
    return report(second, undefined)
  }
  const { reportError } = globalThis as { reportError?: (error: unknown) => void }
  if (reportError) reportError(error)
  else
    queueMicrotask(() => {
      throw error
    })
}

/** Nobody waits for what a hook promises, but its rejection is reported as a throw is. */
export function watch(promised: unknown, onListenerError: ((error: unknown) => void) | undefined): void {
  if (isThenable(promised)) promised.then(undefined, (error: unknown) => report(error, onListenerError))
}
