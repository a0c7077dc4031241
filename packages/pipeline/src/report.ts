/**
 * Makes the error of a caller's own hook visible without letting it change a result: as an uncaught error, unless the
 * caller takes it with `onListenerError`.
 */
export function report(error: unknown, onListenerError: ((error: unknown) => void) | undefined): void {
  try {
    if (onListenerError === undefined) throwLater(error)
    else onListenerError(error)
  } catch (another) {
    throwLater(another)
  }
}

function throwLater(error: unknown): void {
  const { reportError } = globalThis as { reportError?: (error: unknown) => void }
  if (reportError !== undefined) return reportError(error)
  queueMicrotask(() => {
    throw error
  })
}
