/** How many latencies are remembered; older ones are forgotten one by one. */
const capacity = 100

/** A quantile of the last 100 latencies, kept sorted so that asking costs nothing. */
export class RecentLatencies {
  readonly #quantile: number
  readonly #needed: number
  readonly #inOrderOfTime: number[] = []
  readonly #sorted: number[] = []
  #oldest = 0

  constructor(quantile: number) {
    this.#quantile = quantile
    // The fewest of which one is expected above the quantile; with less, the largest of a handful would pass for it.
    this.#needed = Math.min(capacity, Math.round(1 / (1 - quantile)))
  }

  add(ms: number): void {
    const forgotten = this.#inOrderOfTime[this.#oldest]
    if (forgotten !== undefined) this.#sorted.splice(this.#indexOf(forgotten), 1)
    this.#sorted.splice(this.#indexOf(ms), 0, ms)
    this.#inOrderOfTime[this.#oldest] = ms
    this.#oldest = (this.#oldest + 1) % capacity
  }

  /** By nearest rank; undefined as long as too few are known to tell. */
  get value(): number | undefined {
    const { length } = this.#sorted
    return length < this.#needed ? undefined : this.#sorted[Math.ceil(this.#quantile * length) - 1]
  }

  /** Where `ms` is, or belongs. */
  #indexOf(ms: number): number {
    const index = this.#sorted.findIndex((known) => known >= ms)
    return index === -1 ? this.#sorted.length : index
  }
}
