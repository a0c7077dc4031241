/** What a function run by a policy receives. */
export interface CircuitBreakerContext {
  /** The caller's signal; one that never aborts if there was none. */
  readonly signal: AbortSignal
}

/** For a call without a signal. Makes one when it is read, so that nobody pays for one that is not. */
export class LazyContext implements CircuitBreakerContext {
  #signal: AbortSignal | undefined

  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal)
  }
}
