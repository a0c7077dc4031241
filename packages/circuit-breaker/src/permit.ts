import type { Verdict } from './state.ts'

/**
 * The right to make one call, with the duty to say how it went. The first word counts, later ones do nothing. Disposed
 * without a word, it is ignored.
 *
 * @example
 * using permit = breaker.acquire()
 * const answer = await ask()
 * permit.success()
 */
export interface Permit extends Disposable {
  success(): void
  failure(error?: unknown): void
  /** Gives the place back without counting the call. */
  ignore(): void
}

/** What the circuit that gave the permit takes an error for. Only `trackStream` asks. */
export const verdictOn: unique symbol = Symbol('verdictOn')

export interface CircuitPermit extends Permit {
  [verdictOn](error: unknown): Verdict
}

export function createPermit(
  settle: (verdict: Verdict, error?: unknown) => void,
  verdictOnError: (error: unknown) => Verdict,
): CircuitPermit {
  let settled = false
  const say = (verdict: Verdict, error?: unknown): void => {
    if (settled) return
    settled = true
    settle(verdict, error)
  }
  return {
    success: () => say('success'),
    failure: (error) => say('failure', error),
    ignore: () => say('ignore'),
    [Symbol.dispose]: () => say('ignore'),
    [verdictOn]: verdictOnError,
  }
}
