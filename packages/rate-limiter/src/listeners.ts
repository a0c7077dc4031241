/** The listeners of a set of events, none of which can disturb the one who emits. */
export class Listeners<Events extends object> {
  readonly #byEvent = new Map<keyof Events, Set<(event: never) => void>>()
  readonly #onError: ((error: unknown) => void) | undefined

  constructor(onError: ((error: unknown) => void) | undefined) {
    this.#onError = onError
  }

  has(name: keyof Events): boolean {
    return this.#byEvent.size > 0 && this.#byEvent.has(name)
  }

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#byEvent.get(name) ?? new Set()
    this.#byEvent.set(name, listeners)
    // A new function each time, so that a listener added twice is there twice, and each is taken off by its own handle.
    const entry = (event: Events[Name]): void => listener(event)
    listeners.add(entry)
    return () => {
      listeners.delete(entry)
      if (listeners.size === 0 && this.#byEvent.get(name) === listeners) this.#byEvent.delete(name)
    }
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of Array.from(this.#byEvent.get(name) ?? []) as ((event: Events[Name]) => void)[]) {
      try {
        const returned: unknown = listener(event)
        if (isThenable(returned)) Promise.resolve(returned).catch((error: unknown) => this.#report(error))
      } catch (error) {
        this.#report(error)
      }
    }
  }

  #report(error: unknown): void {
    try {
      if (this.#onError === undefined) throwLater(error)
      else this.#onError(error)
    } catch (another) {
      throwLater(another)
    }
  }
}

/** An asynchronous function is a listener too: its rejection is what it throws. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value
}

/** As an event target does it: `reportError` where there is one, an uncaught error elsewhere. */
function throwLater(error: unknown): void {
  const { reportError } = globalThis as { reportError?: (error: unknown) => void }
  if (reportError !== undefined) {
    reportError(error)
    return
  }
  queueMicrotask(() => {
    throw error
  })
}
