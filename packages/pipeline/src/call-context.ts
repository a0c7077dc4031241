import type { PolicyContext } from './policy.ts'

/** The context of a policy that adds nothing: the caller's signal, or one that never aborts, made when it is read. */
export class CallContext implements PolicyContext {
  #signal: AbortSignal | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal)
  }
}
