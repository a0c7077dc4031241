import { checkFunction, checkShape } from './check.ts'
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
/** Emptied when it is stopped, so that it is not told even what is already under way. */
type Entry = { call: ((event: never) => void) | undefined }
type Listeners = Record<keyof CircuitEvents, readonly Entry[]>

/** Listeners by event. They hear events in the order in which these happened, and none breaks another or the circuit. */
export class Emitter {
  readonly #onError: (error: unknown) => void
  readonly #listeners: Listeners = { stateChange: [], success: [], failure: [], ignore: [], rejected: [] }
  readonly #queue: (() => unknown)[] = []
  /** Whether anybody listens to outcomes. */
  hearsOutcomes = false

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  has(event: keyof CircuitEvents): boolean {
    return this.#listeners[event].length > 0
  }

  on<E extends keyof CircuitEvents>(event: E, listener: Listener<E>, signal: AbortSignal | undefined): () => void {
    const listeners = this.#listeners
    checkShape('event', event, `one of ${Object.keys(listeners).join(', ')}`, Object.hasOwn(listeners, event))
    checkFunction('listener', listener)
    if (signal?.aborted) return () => {}
    const entry: Entry = { call: listener }
    const off = (): void => {
      entry.call = undefined
      this.#set(
        event,
        listeners[event].filter((other) => other !== entry),
      )
      signal?.removeEventListener('abort', off)
    }
    signal?.addEventListener('abort', off)
    this.#set(event, [...listeners[event], entry])
    return off
  }

  emit<E extends keyof CircuitEvents>(event: E, payload: CircuitEvents[E]): void {
    for (const entry of this.#listeners[event])
      this.#queue.push(() => (entry as { call?: Listener<E> }).call?.(payload))
    for (let tell = this.#queue.shift(); tell; tell = this.#queue.shift()) {
      try {
        const answer = tell()
        // Of an async function, whose rejection nobody else would handle.
        if (answer !== undefined) void Promise.resolve(answer).then(undefined, this.#onError)
      } catch (error) {
        this.#onError(error)
      }
    }
  }

  /** Replaced, never changed: whoever is being told now is not disturbed. */
  #set(event: keyof CircuitEvents, entries: readonly Entry[]): void {
    this.#listeners[event] = entries
    this.hearsOutcomes = this.has('success') || this.has('failure') || this.has('ignore')
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
