import type { Cell, Meter } from './meter.ts'

/**
 * So many tokens in each window; a window starts with the first use after the last one's end. The cell holds the
 * window's end and the tokens spent in it; what was spent above the quota is spent in the windows that follow at once.
 */
export class FixedWindow implements Meter {
  readonly name: string | undefined
  readonly capacity: number
  readonly #window: number

  /** `window` is in microseconds. */
  constructor(window: number, quota: number, name?: string) {
    this.name = name
    this.capacity = quota
    this.#window = window
  }

  readyAt(cell: Cell, tokens: number, from: number): number {
    const ready = this.#endOf(cell, cell.part + tokens - this.capacity)
    return ready > from ? ready : from
  }

  take(cell: Cell, tokens: number, at: number): void {
    this.#roll(cell, at)
    if (at >= cell.at) {
      cell.at = at + this.#window
      cell.part = 0
    }
    cell.part += tokens
  }

  giveBack(cell: Cell, tokens: number, now: number): void {
    this.#roll(cell, now)
    cell.part = Math.max(0, cell.part - tokens)
  }

  remaining(cell: Cell, now: number): number {
    const spent = cell.part - this.#ended(cell, now) * this.capacity
    return Math.max(0, this.capacity - Math.max(0, spent))
  }

  fullAt(cell: Cell): number {
    return Math.max(cell.at, this.#endOf(cell, cell.part))
  }

  /** The windows that have ended since the cell was written. */
  #ended(cell: Cell, now: number): number {
    return now < cell.at ? 0 : Math.floor((now - cell.at) / this.#window) + 1
  }

  /** Goes on to the window that is open because of a debt, if there is one. */
  #roll(cell: Cell, now: number): void {
    const ended = this.#ended(cell, now)
    const spent = cell.part - ended * this.capacity
    if (spent <= 0) return
    cell.at += ended * this.#window
    cell.part = spent
  }

  /** The end of the window that makes up for `tokens`, the first of which is the cell's own. */
  #endOf(cell: Cell, tokens: number): number {
    return tokens > 0 ? cell.at + (Math.ceil(tokens / this.capacity) - 1) * this.#window : -Infinity
  }
}
