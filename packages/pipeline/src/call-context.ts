import type { ExecuteOptions, PolicyContext } from './policy.ts'

/** The context of a policy that adds nothing: the caller's signal, or one that never aborts, made when it is read. */
export class CallContext implements PolicyContext {
  readonly #options: ExecuteOptions | undefined
  #signal: AbortSignal | undefined

  constructor(options: ExecuteOptions | undefined) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return (this.#signal ??= this.#options?.signal ?? new AbortController().signal)
  }
}
