/** Something that waits in a `TimerQueue`. The links are its own, so that waiting allocates nothing more. */
export abstract class Timer {
  expiresAt = 0
  list: TimerList | undefined = undefined
  previous: Timer | undefined = undefined
  next: Timer | undefined = undefined

  /** Whether the process must stay alive until this expires. */
  get holdsProcess(): boolean {
    return true
  }

  /** Called once, when the time has come, with the timer already out of its queue. */
  abstract expire(): void
}

/**
 * Timers of one duration. The clock never goes back, so they expire in the order in which they were appended, and a
 * doubly linked list keeps them sorted for nothing. Prior art: Node's `lib/internal/timers.js`.
 */
export class TimerList {
  first: Timer | undefined = undefined
  #last: Timer | undefined = undefined

  append(timer: Timer): void {
    timer.list = this
    timer.previous = this.#last
    if (this.#last === undefined) this.first = timer
    else this.#last.next = timer
    this.#last = timer
  }

  remove(timer: Timer): void {
    const { previous, next } = timer
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    timer.list = timer.previous = timer.next = undefined
  }
}
