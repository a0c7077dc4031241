/** What the counted outcomes that are still remembered add up to. */
export interface Totals {
  calls: number
  failures: number
  slow: number
}

/** Remembers counted outcomes of a closed circuit and says when they are too bad. */
export interface Tally {
  /** Counts one outcome; true when the circuit must open. */
  record(failed: boolean, slow: boolean, now: number): boolean
  totals(now: number): Readonly<Totals>
}

/** Opens at so many failures without a success between them. */
export class ConsecutiveTally implements Tally {
  readonly #threshold: number
  readonly #totals: Totals = { calls: 0, failures: 0, slow: 0 }
  #row = 0

  constructor(failureThreshold: number) {
    this.#threshold = failureThreshold
  }

  record(failed: boolean): boolean {
    this.#totals.calls += 1
    if (!failed) {
      this.#row = 0
      return false
    }
    this.#totals.failures += 1
    this.#row += 1
    return this.#row >= this.#threshold
  }

  totals(): Readonly<Totals> {
    return this.#totals
  }
}

/** When rates over a window open the circuit; a rate that was not named is `Infinity`. */
export interface RateRules {
  readonly minimumCalls: number
  readonly failureRate: number
  readonly slowCallRate: number
}

const FAILED = 1
const SLOW = 2

/** The last `size` outcomes, one byte each, in a ring. */
export class CountWindow implements Tally {
  readonly #rules: RateRules
  readonly #ring: Uint8Array
  readonly #totals: Totals = { calls: 0, failures: 0, slow: 0 }
  #next = 0

  constructor(size: number, rules: RateRules) {
    this.#rules = rules
    this.#ring = new Uint8Array(size)
  }

  record(failed: boolean, slow: boolean): boolean {
    const totals = this.#totals
    const forgotten = this.#ring[this.#next] ?? 0
    if (totals.calls < this.#ring.length) totals.calls += 1
    totals.failures += Number(failed) - (forgotten & FAILED)
    totals.slow += Number(slow) - (forgotten >> 1)
    this.#ring[this.#next] = (failed ? FAILED : 0) | (slow ? SLOW : 0)
    this.#next = (this.#next + 1) % this.#ring.length
    return isTooBad(totals, this.#rules)
  }

  totals(): Readonly<Totals> {
    return this.#totals
  }
}

/**
 * The outcomes of the last `durationMs`, added up in a ring of buckets aligned to the clock, so that cost and memory
 * do not grow with traffic. The oldest bucket is forgotten whole: the window spans `buckets - 1` to `buckets` of them.
 */
export class TimeWindow implements Tally {
  readonly #rules: RateRules
  readonly #bucketMs: number
  readonly #ring: Totals[]
  readonly #totals: Totals = { calls: 0, failures: 0, slow: 0 }
  #newest = -Infinity
  /** The bucket at `#newest`: finding it by a remainder for every call costs as much as the rest. */
  #current: Totals

  constructor(durationMs: number, buckets: number, rules: RateRules) {
    this.#rules = rules
    this.#bucketMs = durationMs / buckets
    this.#ring = Array.from({ length: buckets }, () => ({ calls: 0, failures: 0, slow: 0 }))
    this.#current = this.#bucketAt(0)
  }

  record(failed: boolean, slow: boolean, now: number): boolean {
    this.#forget(now)
    add(this.#current, failed, slow)
    add(this.#totals, failed, slow)
    return isTooBad(this.#totals, this.#rules)
  }

  totals(now: number): Readonly<Totals> {
    this.#forget(now)
    return this.#totals
  }

  #forget(now: number): void {
    const newest = Math.floor(now / this.#bucketMs)
    if (newest <= this.#newest) return
    const stale = Math.min(this.#ring.length, newest - this.#newest)
    for (let age = 0; age < stale; age += 1) {
      const bucket = this.#bucketAt(newest - age)
      this.#totals.calls -= bucket.calls
      this.#totals.failures -= bucket.failures
      this.#totals.slow -= bucket.slow
      bucket.calls = bucket.failures = bucket.slow = 0
    }
    this.#newest = newest
    this.#current = this.#bucketAt(newest)
  }

  #bucketAt(index: number): Totals {
    const { length } = this.#ring
    return this.#ring[((index % length) + length) % length] as Totals
  }
}

function add(totals: Totals, failed: boolean, slow: boolean): void {
  totals.calls += 1
  if (failed) totals.failures += 1
  if (slow) totals.slow += 1
}

function isTooBad({ calls, failures, slow }: Totals, { minimumCalls, failureRate, slowCallRate }: RateRules): boolean {
  return calls >= minimumCalls && (failures / calls >= failureRate || slow / calls >= slowCallRate)
}
