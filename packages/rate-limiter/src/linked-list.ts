/** What a list holds: its neighbours are the list's own notes. */
export interface Linked<T> {
  before: T | undefined
  after: T | undefined
}

/** A doubly linked list, from which anything can be taken out in O(1): a `Set` walks over what was deleted. */
export class LinkedList<T extends Linked<T>> {
  #first: T | undefined
  #last: T | undefined

  get first(): T | undefined {
    return this.#first
  }

  push(item: T): void {
    item.before = this.#last
    if (this.#last === undefined) this.#first = item
    else this.#last.after = item
    this.#last = item
  }

  /** An item that is taken out still knows what came after it, so that a walk can go on. */
  delete(item: T): void {
    const { before, after } = item
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let item = this.#first; item !== undefined; item = item.after) yield item
  }
}
