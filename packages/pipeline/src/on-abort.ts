const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `callback` when `signal` aborts, until the returned function is called. However many wait on one signal, it
 * carries a single listener: a shutdown signal with thousands of calls in flight stays cheap and raises no warning.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? listen(signal)
  callbacks.add(callback)
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return
    signal.removeEventListener('abort', callAll)
    waiting.delete(signal)
  }
}

function listen(signal: AbortSignal): Set<() => void> {
  // First, since it throws for what is no signal: the next call is not to believe that somebody listens.
  signal.addEventListener('abort', callAll, { once: true })
  const callbacks = new Set<() => void>()
  waiting.set(signal, callbacks)
  return callbacks
}

function callAll(this: AbortSignal): void {
  const callbacks = waiting.get(this)
  waiting.delete(this)
  for (const callback of callbacks ?? []) callback()
}
