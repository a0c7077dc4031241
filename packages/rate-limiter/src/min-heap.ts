/** What a heap holds: `rank` orders it, `slot` is the heap's own note of where it is, -1 when it is not in one. */
export interface Ranked {
  rank: number
  slot: number
}

/** A binary heap, lowest rank first, from which anything can be taken out in O(log n). */
export class MinHeap<T extends Ranked> {
  readonly #items: T[] = []

  get top(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    this.#items.push(item)
    this.#rise(item, this.#items.length - 1)
  }

  /** Puts `item` where its changed rank belongs. */
  update(item: T): void {
    this.#rise(item, item.slot)
    this.#sink(item, item.slot)
  }

  delete(item: T): void {
    const last = this.#items.pop()
    const { slot } = item
    item.slot = -1
    if (last === undefined || last === item) return
    this.#place(last, slot)
    this.update(last)
  }

  #rise(item: T, from: number): void {
    let slot = from
    while (slot > 0) {
      const above = (slot - 1) >> 1
      const parent = this.#items[above] as T
      if (parent.rank <= item.rank) break
      this.#place(parent, slot)
      slot = above
    }
    this.#place(item, slot)
  }

  #sink(item: T, from: number): void {
    let slot = from
    for (;;) {
      let below = 2 * slot + 1
      if (below >= this.#items.length) break
      if (below + 1 < this.#items.length && (this.#items[below + 1] as T).rank < (this.#items[below] as T).rank)
        below += 1
      const child = this.#items[below] as T
      if (child.rank >= item.rank) break
      this.#place(child, slot)
      slot = below
    }
    this.#place(item, slot)
  }

  #place(item: T, slot: number): void {
    this.#items[slot] = item
    item.slot = slot
  }
}
