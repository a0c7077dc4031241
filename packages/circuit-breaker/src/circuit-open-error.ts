/**
 * The circuit did not let the call through; the function was not called.
 *
 * @example
 * try {
 *   await breaker.execute(callTheDependency)
 * } catch (error) {
 *   if (isCircuitOpenError(error)) return fallback(error.retryAfterMs)
 *   throw error
 * }
 */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError'
  readonly code = 'CIRCUIT_OPEN'
  /** Trying again at once meets the same open circuit. */
  readonly retryable = false
  /** The name of the circuit. */
  readonly circuit: string
  /** Whole milliseconds until a call may be let through; `undefined` for a circuit that was forced open. */
  readonly retryAfterMs: number | undefined

  /** `cause` is the failure that opened the circuit. */
  constructor(circuit: string, retryAfterMs: number | undefined, cause?: unknown) {
    const hint = retryAfterMs === undefined ? '' : `; try again in ${retryAfterMs} ms`
    super(`Circuit "${circuit}" is open${hint}`, cause === undefined ? undefined : { cause })
    this.circuit = circuit
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * True for a `CircuitOpenError` of this package or of another copy of it.
 *
 * @example
 * if (isCircuitOpenError(error)) response.setHeader('Retry-After', Math.ceil((error.retryAfterMs ?? 0) / 1000))
 */
export function isCircuitOpenError(error: unknown): error is CircuitOpenError {
  try {
    return error instanceof Error && 'code' in error && error.code === 'CIRCUIT_OPEN' && 'circuit' in error
  } catch {
    // A revoked proxy or a throwing getter: ours has neither.
    return false
  }
}

/**
 * Makes an error without walking the stack, which is most of the cost of one. Nothing else runs while the
 * limit is lowered, since `make` is synchronous. Where the limit is missing (not V8, not JavaScriptCore) or frozen
 * (hardened realms), the error is made the ordinary way.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const limit: unknown = Error.stackTraceLimit
  if (typeof limit !== 'number') return make()
  try {
    Error.stackTraceLimit = 0
  } catch {
    return make()
  }
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
