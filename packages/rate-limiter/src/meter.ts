/** What a meter remembers of one account: two whole numbers, whose meaning is the meter's. New: `{ at: now, part: 0 }`. */
export interface Cell {
  at: number
  part: number
}

/** The arithmetic of one limit. Times are whole microseconds; the memory is the caller's cell. */
export interface Meter {
  readonly name: string | undefined
  /** The most tokens that can be had at once. */
  readonly capacity: number
  /** When `tokens` can be had, `from` at the earliest. */
  readyAt(cell: Cell, tokens: number, from: number): number
  /** Takes `tokens` at the moment `at`, whether they are there or not. */
  take(cell: Cell, tokens: number, at: number): void
  giveBack(cell: Cell, tokens: number, now: number): void
  /** The whole tokens there are. */
  remaining(cell: Cell, now: number): number
  /** From when on there is nothing to remember. */
  fullAt(cell: Cell): number
}
