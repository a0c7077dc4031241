import type { CircuitSnapshot } from './snapshot.ts'
import type { CircuitState } from './state.ts'

/**
 * What `CircuitBreaker#on` tells. Outcomes are told for the calls that count: not for results of an earlier state, and
 * not for calls that started before anyone listened.
 */
export interface CircuitEvents {
  stateChange: {
    readonly circuit: string
    readonly from: CircuitState
    readonly to: CircuitState
    /** By the circuit's clock. */
    readonly at: number
    /** Taken right after the change. */
    readonly snapshot: CircuitSnapshot
  }
  success: { readonly circuit: string; readonly durationMs: number }
  failure: { readonly circuit: string; readonly error: unknown; readonly durationMs: number }
  ignore: { readonly circuit: string; readonly durationMs: number }
  rejected: { readonly circuit: string; readonly retryAfterMs: number | undefined }
}

type Listener<E extends keyof CircuitEvents> = (event: CircuitEvents[E]) => void
type Entry = { readonly call: (event: never) => void }
type Listeners = Record<keyof CircuitEvents, readonly Entry[]>

/** Listeners by event. They hear events in the order in which these happened, and none breaks another or the circuit. */
export class Emitter {
  readonly #onError: (error: unknown) => void
  readonly #listeners: Listeners = { stateChange: [], success: [], failure: [], ignore: [], rejected: [] }
  readonly #queue: (() => void)[] = []

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  has(event: keyof CircuitEvents): boolean {
    return this.#listeners[event].length > 0
  }

  hasOutcome(): boolean {
    return this.has('success') || this.has('failure') || this.has('ignore')
  }

  on<E extends keyof CircuitEvents>(event: E, listener: Listener<E>, signal: AbortSignal | undefined): () => void {
    if (signal?.aborted) return () => {}
    const listeners = this.#listeners
    const entry = { call: listener }
    // Copied on write: whoever is being told now is not disturbed.
    listeners[event] = [...listeners[event], entry]
    const off = (): void => {
      listeners[event] = listeners[event].filter((other) => other !== entry)
      signal?.removeEventListener('abort', off)
    }
    signal?.addEventListener('abort', off)
    return off
  }

  emit<E extends keyof CircuitEvents>(event: E, payload: CircuitEvents[E]): void {
    for (const { call } of this.#listeners[event]) this.#queue.push(() => (call as Listener<E>)(payload))
    for (let tell = this.#queue.shift(); tell; tell = this.#queue.shift()) {
      try {
        tell()
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}

/** Makes of the user's `onListenerError` a function that never throws. */
export function safeReporter(report: (error: unknown) => void = reportGlobally): (error: unknown) => void {
  return (error) => {
    try {
      report(error)
    } catch (fault) {
      rethrowLater(fault)
    }
  }
}

function reportGlobally(error: unknown): void {
  const { reportError = rethrowLater } = globalThis as { reportError?: (error: unknown) => void }
  reportError(error)
}

function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
