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
    for (;;) {
      const parent = this.#lists[(list.index - 1) >> 1]
      if (parent === undefined || parent.dueAt <= list.dueAt) break
      this.#swap(parent, list)
    }
    for (;;) {
      const left = this.#lists[2 * list.index + 1]
      const right = this.#lists[2 * list.index + 2]
      const child = left !== undefined && right !== undefined && right.dueAt < left.dueAt ? right : left
      if (child === undefined || list.dueAt <= child.dueAt) break
      this.#swap(list, child)
    }
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
