import { CircuitBreaker } from './circuit-breaker.ts'
import { type CircuitBreakerOptions, resolveOptions } from './options.ts'
import type { CircuitSnapshot } from './snapshot.ts'

/** Options of a `CircuitBreakerRegistry`. */
export interface CircuitBreakerRegistryOptions {
  /** For every circuit; the options given to `get` are laid over them. */
  defaults?: Omit<CircuitBreakerOptions, 'name'>
  /** How many circuits are kept. @default 1_000 */
  maxCircuits?: number
}

/**
 * One circuit per key (host, tenant, tool), made when it is first asked for. Beyond `maxCircuits` the least recently
 * used one goes, closed ones before those in any other state, and never the newest.
 *
 * @throws {RangeError | TypeError} `maxCircuits` or the defaults break a rule
 *
 * @example
 * const circuits = new CircuitBreakerRegistry({ defaults: { failureThreshold: 3 } })
 * await circuits.get(url.host).execute(({ signal }) => fetch(url, { signal }))
 */
export class CircuitBreakerRegistry {
  readonly #defaults: CircuitBreakerOptions
  readonly #maxCircuits: number
  /** In the order of their last use, oldest first. */
  readonly #circuits = new Map<string, CircuitBreaker>()

  constructor({ defaults = {}, maxCircuits = 1_000 }: CircuitBreakerRegistryOptions = {}) {
    if (typeof maxCircuits !== 'number' || !(Number.isSafeInteger(maxCircuits) && maxCircuits >= 1)) {
      const Fault = typeof maxCircuits === 'number' ? RangeError : TypeError
      throw new Fault(`maxCircuits must be an integer >= 1, received ${String(maxCircuits)}`)
    }
    resolveOptions(defaults)
    const { window, halfOpen } = defaults
    this.#defaults = {
      ...defaults,
      ...(window && { window: { ...window } }),
      ...(halfOpen && { halfOpen: { ...halfOpen } }),
    }
    this.#maxCircuits = maxCircuits
  }

  /** The circuit of this key. `options` are for making it: one that exists stays as it is. Its name is the key. */
  get(key: string, options?: CircuitBreakerOptions): CircuitBreaker {
    const circuit = this.#circuits.get(key) ?? new CircuitBreaker({ ...this.#defaults, name: key, ...options })
    this.#circuits.delete(key)
    if (this.#circuits.size >= this.#maxCircuits) this.#evict()
    this.#circuits.set(key, circuit)
    return circuit
  }

  has(key: string): boolean {
    return this.#circuits.has(key)
  }

  delete(key: string): boolean {
    return this.#circuits.delete(key)
  }

  get size(): number {
    return this.#circuits.size
  }

  /** Pairs of key and circuit as they are now, the least recently used first. */
  [Symbol.iterator](): Iterator<[string, CircuitBreaker]> {
    return [...this.#circuits][Symbol.iterator]()
  }

  snapshot(): CircuitSnapshot[] {
    return Array.from(this.#circuits.values(), (circuit) => circuit.snapshot())
  }

  #evict(): void {
    const circuits = [...this.#circuits]
    const [key] = circuits.find(([, { state }]) => state === 'closed') ?? circuits[0] ?? []
    if (key !== undefined) this.#circuits.delete(key)
  }
}
