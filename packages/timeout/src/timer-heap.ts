import type { TimerList } from './timer-list.ts'

/** A binary heap of lists, the one due first on top. Each list knows its place, so that any can leave. */
export class TimerHeap {
  readonly #lists: TimerList[] = []

  get top(): TimerList | undefined {
    return this.#lists[0]
  }

  add(list: TimerList): void {
    this.#place(list, this.#lists.length)
    this.reorder(list)
  }

  remove(list: TimerList): void {
    const last = this.#lists.pop()
    if (last === undefined || last === list) return
    this.#place(last, list.index)
    this.reorder(last)
  }

  /** Moves a list whose `dueAt` has changed to where it belongs. */
  reorder(list: TimerList): void {
    for (let parent = this.#parentOf(list); parent !== undefined && list.dueAt < parent.dueAt;) {
      this.#swap(parent, list)
      parent = this.#parentOf(list)
    }
    for (let child = this.#earlierChildOf(list); child !== undefined && child.dueAt < list.dueAt;) {
      this.#swap(list, child)
      child = this.#earlierChildOf(list)
    }
  }

  #parentOf({ index }: TimerList): TimerList | undefined {
    // Reading an array at -1 is slow: it is a look-up by name.
    return index === 0 ? undefined : this.#lists[(index - 1) >> 1]
  }

  #earlierChildOf({ index }: TimerList): TimerList | undefined {
    const at = 2 * index + 1
    if (at >= this.#lists.length) return undefined
    const left = this.#lists[at]
    const right = at + 1 < this.#lists.length ? this.#lists[at + 1] : undefined
    return left !== undefined && right !== undefined && right.dueAt < left.dueAt ? right : left
  }

  #swap(upper: TimerList, lower: TimerList): void {
    const { index } = upper
    this.#place(upper, lower.index)
    this.#place(lower, index)
  }

  #place(list: TimerList, index: number): void {
    this.#lists[index] = list
    list.index = index
  }
}
