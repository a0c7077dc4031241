import type { Cell, Meter } from './meter.ts'

/**
 * So many tokens in each window; a window starts with the first use after the last one's end. The cell holds the
 * window's end and the tokens spent in it.
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
    return from >= cell.at || cell.part + tokens <= this.capacity ? from : cell.at
  }

  take(cell: Cell, tokens: number, at: number): void {
    if (at >= cell.at) {
      cell.at = at + this.#window
      cell.part = 0
    }
    cell.part += tokens
  }

  giveBack(cell: Cell, tokens: number): void {
    cell.part = Math.max(0, cell.part - tokens)
  }

  remaining(cell: Cell, now: number): number {
    return now >= cell.at ? this.capacity : Math.max(0, this.capacity - cell.part)
  }

  fullAt(cell: Cell): number {
    return cell.at
  }
}
