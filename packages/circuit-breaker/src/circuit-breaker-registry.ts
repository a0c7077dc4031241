import { checkInteger } from './check.ts'
import { CircuitBreaker, isClosed } from './circuit-breaker.ts'
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
    checkInteger('maxCircuits', maxCircuits)
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
  get(key: string, options: Omit<CircuitBreakerOptions, 'name'> = {}): CircuitBreaker {
    const circuit = this.#circuits.get(key) ?? this.#make(key, options)
    this.#circuits.delete(key)
    this.#circuits.set(key, circuit)
    while (this.#circuits.size > this.#maxCircuits) this.#evict()
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

  #make(name: string, options: CircuitBreakerOptions): CircuitBreaker {
    // What is undefined was not given, and leaves the default as it is.
    const given = Object.entries(options).filter(([, value]) => value !== undefined)
    return new CircuitBreaker({ ...this.#defaults, ...Object.fromEntries(given), name })
  }

  /** Tells nobody anything, so that no listener comes in between. */
  #evict(): void {
    const older = [...this.#circuits].slice(0, -1)
    const [key] = older.find(([, circuit]) => isClosed(circuit)) ?? older[0] ?? []
    if (key !== undefined) this.#circuits.delete(key)
  }
}
