/** Something that waits in a `TimerQueue`. It knows its place in the heap, so that it can leave from anywhere. */
export abstract class Timer {
  expiresAt = 0
  /** -1 while it is in no heap. */
  index = -1

  /** Whether the process must stay alive until this expires. */
  get holdsProcess(): boolean {
    return true
  }

  /** Called once, when the time has come, with the timer already out of its queue. */
  abstract expire(): void
}

/**
 * A binary heap of timers, the one due first on top. Most timers are added later than all the others expire, or nearly
 * so, and then adding is one comparison.
 */
export class TimerHeap {
  readonly #timers: Timer[] = []

  get first(): Timer | undefined {
    return this.#timers[0]
  }

  add(timer: Timer): void {
    this.#rise(timer, this.#timers.length)
  }

  /** `timer` must be in the heap. */
  remove(timer: Timer): void {
    const last = this.#timers.pop()
    if (last !== undefined && last !== timer) {
      this.#sink(last, timer.index)
      this.#rise(last, last.index)
    }
    timer.index = -1
  }

  #rise(timer: Timer, from: number): void {
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = this.#timers[above]
      if (parent === undefined || parent.expiresAt <= timer.expiresAt) break
      this.#place(parent, index)
      index = above
    }
    this.#place(timer, index)
  }

  #sink(timer: Timer, from: number): void {
    let index = from
    for (;;) {
      const left = this.#timers[2 * index + 1]
      const right = this.#timers[2 * index + 2]
      const child = left !== undefined && right !== undefined && right.expiresAt < left.expiresAt ? right : left
      if (child === undefined || timer.expiresAt <= child.expiresAt) break
      const below = child.index
      this.#place(child, index)
      index = below
    }
    this.#place(timer, index)
  }

  #place(timer: Timer, index: number): void {
    this.#timers[index] = timer
    timer.index = index
  }
}
