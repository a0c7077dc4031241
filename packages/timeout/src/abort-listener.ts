/** Something that wants to know when a signal is aborted. */
export interface AbortWaiter {
  /** Must not throw. */
  aborted(reason: unknown): void
}

const listeners = new WeakMap<AbortSignal, AbortListener>()

/** The one listener that all waiters of a signal share: a thousand calls on one signal add one, not a thousand. */
class AbortListener {
  readonly waiters = new Set<AbortWaiter>()
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this)
    listeners.set(signal, this)
  }

  handleEvent(): void {
    this.dispose()
    for (const waiter of this.waiters) waiter.aborted(this.#signal.reason)
  }

  dispose(): void {
    this.#signal.removeEventListener('abort', this)
    listeners.delete(this.#signal)
  }
}

/** Tells `waiter` when `signal`, which is not aborted yet, is. */
export function listen(signal: AbortSignal, waiter: AbortWaiter): void {
  const listener = listeners.get(signal) ?? new AbortListener(signal)
  listener.waiters.add(waiter)
}

/** Forgets `waiter`, and takes the listener off the signal with the last one. */
export function unlisten(signal: AbortSignal, waiter: AbortWaiter): void {
  const listener = listeners.get(signal)
  if (listener?.waiters.delete(waiter) && listener.waiters.size === 0) listener.dispose()
}
