/** What `fn` receives. A signal that the caller did not give is made when it is first read, so that most never are. */
export class CallContext {
  #signal: AbortSignal | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal
    return this.#signal
  }
}
