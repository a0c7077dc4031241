import type { TimeoutError } from './timeout-error.ts'

/** What the function is called with. */
export interface RetryContext {
  /** 1 for the first call, 2 for the first retry, … */
  readonly attempt: number
  /** What the attempt before threw, or the value that `retryResultIf` refused; `undefined` on the first. */
  readonly previousError: unknown
  /** Aborted by the caller's abort, with its reason, and by a timeout, with its error. Never on return. */
  readonly signal: AbortSignal
}

/** The context of one attempt. Its signal is made when it is first read. */
export class Attempt implements RetryContext {
  readonly attempt: number
  readonly previousError: unknown
  readonly #parent: AbortSignal | undefined
  readonly #timed: boolean
  #signal: AbortSignal | undefined
  #controller: AbortController | undefined
  #timeout: TimeoutError | undefined

  constructor(attempt: number, previousError: unknown, parent: AbortSignal | undefined, timed: boolean) {
    this.attempt = attempt
    this.previousError = previousError
    this.#parent = parent
    this.#timed = timed
  }

  /** The error of the timeout that ended this attempt. */
  get timeout(): TimeoutError | undefined {
    return this.#timeout
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#makeSignal()
    return this.#signal
  }

  abortWith(timeout: TimeoutError): TimeoutError {
    this.#timeout = timeout
    this.#controller?.abort(timeout)
    return timeout
  }

  #makeSignal(): AbortSignal {
    if (this.#parent && !this.#timed) return this.#parent
    this.#controller = new AbortController()
    if (this.#timeout) this.#controller.abort(this.#timeout)
    // `any` rather than a listener: the caller can still cancel the reading of a returned body, and nothing is left on
    // the caller's signal.
    return this.#parent ? AbortSignal.any([this.#parent, this.#controller.signal]) : this.#controller.signal
  }
}
