interface Registration {
  readonly listeners: Set<() => void>
  readonly dispatch: () => void
}

/** One event listener a signal, however many calls wait on it: a process-wide signal draws no MaxListeners warning. */
const registrations = new WeakMap<AbortSignal, Registration>()

/** Calls `listener` when `signal`, not aborted yet, is aborted. Returns what takes it off again. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const registration = registrations.get(signal) ?? register(signal)
  registration.listeners.add(listener)
  return () => {
    registration.listeners.delete(listener)
    if (registration.listeners.size > 0 || registrations.get(signal) !== registration) return
    registrations.delete(signal)
    signal.removeEventListener('abort', registration.dispatch)
  }
}

function register(signal: AbortSignal): Registration {
  const listeners = new Set<() => void>()
  const dispatch = (): void => {
    registrations.delete(signal)
    for (const listener of listeners) listener()
  }
  const registration = { listeners, dispatch }
  registrations.set(signal, registration)
  signal.addEventListener('abort', dispatch, { once: true })
  return registration
}
