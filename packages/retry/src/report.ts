/**
 * Tells of an error in a hook of the user's without touching the call it was made for: to `onListenerError`, else as
 * the platform does for an event listener: `reportError`, or, where there is none (Node), an uncaught exception.
 */
export function report(error: unknown, onListenerError: ((error: unknown) => void) | undefined): void {
  try {
    if (onListenerError) return onListenerError(error)
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
