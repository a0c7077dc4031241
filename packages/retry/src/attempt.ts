import type { TimeoutError } from './timeout-error.ts'

/** What the function is called with. */
export interface RetryContext {
  /** 1 for the first call, 2 for the first retry, … */
  readonly attempt: number
  /** What the attempt before threw, or the value that `retryResultIf` refused; `undefined` on the first. */
  readonly previousError: unknown
  /**
   * Aborted by the caller's abort, with its reason, and by a timeout, with its error. Never on return; where there is
   * a time limit or a signal of the policy beside the call's, nothing reaches it any more after that.
   *
   * A getter, made when it is first read: `{ ...context }` does not copy it.
   */
  readonly signal: AbortSignal
}

/** One attempt: its context, and what only the policy may do with it. */
export class Attempt {
  readonly context: RetryContext
  /** The timeout that ended it, where it was one. */
  timeout: TimeoutError | undefined
  readonly #callers: AbortSignal | undefined
  #controller: AbortController | undefined

  /** Without a limit of time it has no signal of its own, but the caller's. */
  constructor(attempt: number, previousError: unknown, callers: AbortSignal | undefined, timed: boolean) {
    this.context = new Context(attempt, previousError, this)
    this.#callers = timed ? undefined : callers
  }

  get signal(): AbortSignal {
    return this.#callers ?? this.#own.signal
  }

  /** Aborts the attempt's signal; the caller's is the caller's business. */
  abort(reason: unknown): void {
    if (!this.#callers) this.#own.abort(reason)
  }

  get #own(): AbortController {
    this.#controller ??= new AbortController()
    return this.#controller
  }
}

class Context implements RetryContext {
  readonly attempt: number
  readonly previousError: unknown
  readonly #of: Attempt

  constructor(attempt: number, previousError: unknown, of: Attempt) {
    this.attempt = attempt
    this.previousError = previousError
    this.#of = of
  }

  get signal(): AbortSignal {
    return this.#of.signal
  }
}
