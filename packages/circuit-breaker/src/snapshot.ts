import type { CircuitState } from './state.ts'

/** A circuit at one moment, as plain JSON. */
export interface CircuitSnapshot {
  readonly name: string
  readonly state: CircuitState
  /** Since the last change of state or `reset()`. */
  readonly counts: {
    readonly success: number
    readonly failure: number
    readonly ignored: number
    /** Counted calls slower than `slowCallMs`, whether they succeeded or failed. */
    readonly slow: number
    readonly rejected: number
    readonly inFlight: number
  }
  /** Failures among the counted outcomes: those in the window while closed, else those of `counts`; 0 without any. */
  readonly failureRate: number
  /** Slow calls among the same outcomes. */
  readonly slowCallRate: number
  /** Whole milliseconds until a call may be let through; 0 when one would be now; absent when forced open. */
  readonly retryAfterMs?: number
  /** How often it opened since it was last closed. */
  readonly openings: number
  /** The message of the last counted failure since it was last closed, if it had an error. */
  readonly lastError?: string
}

export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'an error that cannot be shown'
  }
}
