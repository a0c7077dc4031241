/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import type { ExecuteOptions, Policy, PolicyContext } from '@aplomb/pipeline'

/** A policy that only passes the call on: stands for those of other packages wherever their kind is what matters. */
export function passThrough(kind: string, name?: string): Policy {
  return {
    kind,
    name,
    execute: async (fn, { signal = new AbortController().signal } = {}) => fn({ signal }),
  }
}

/** Gives a context with these fields, and with the caller's signal. */
export function withFields<const Fields extends object>(fields: Fields): Policy<Fields & PolicyContext> {
  return { execute: async (fn, { signal = new AbortController().signal } = {}) => fn({ ...fields, signal }) }
}

/** A retry the way such a class is written: a context with fields, and a signature of its own. */
export class TestRetry {
  readonly kind = 'retry'
  readonly #maxRetries: number

  constructor(maxRetries: number) {
    this.#maxRetries = maxRetries
  }

  async execute<T>(
    fn: (context: {
      readonly attempt: number
      readonly previousError: unknown
      readonly signal: AbortSignal
    }) => T | PromiseLike<T>,
    { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
  ): Promise<T> {
    let previousError: unknown
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await fn({ attempt, previousError, signal })
      } catch (error) {
        if (signal.aborted || attempt > this.#maxRetries) throw error
        previousError = error
      }
    }
  }
}

/** Gives a context whose class makes its signal when it is read, as timeouts do, and which cannot be copied. */
export class TestTimeout {
  readonly kind = 'timeout'
  /** How many signals were made. */
  signalsMade = 0

  async execute<T>(fn: (context: LazyContext) => T | PromiseLike<T>, _options?: { signal?: AbortSignal }): Promise<T> {
    return fn(new LazyContext(this))
  }
}

export class LazyContext implements PolicyContext {
  readonly #policy: TestTimeout
  #controller: AbortController | undefined

  constructor(policy: TestTimeout) {
    this.#policy = policy
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) this.#policy.signalsMade += 1
    return (this.#controller ??= new AbortController()).signal
  }
}

/** The options that it was given at its last call. */
export class Spy implements Policy {
  readonly kind: string
  options: ExecuteOptions | undefined

  constructor(kind: string) {
    this.kind = kind
  }

  async execute<T>(fn: (context: PolicyContext) => T | PromiseLike<T>, options?: ExecuteOptions): Promise<T> {
    this.options = options
    return fn({ signal: options?.signal ?? new AbortController().signal })
  }
}
