import { checkMethods, checkNumber } from './check.ts'
import { systemClock, type Clock } from './clock.ts'

/** Options of {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries allowed for each first call of the window. @default 0.1 */
  ratio?: number | undefined
  /** Retries that are always allowed, in every window; 0 is valid. @default 10 */
  minRetries?: number | undefined
  /** Length of the window, in milliseconds. @default 10_000 */
  windowMs?: number | undefined
  clock?: Clock | undefined
}

/** What a budget has counted in the window that ends now. */
export interface RetryBudgetSnapshot {
  /** First calls. */
  readonly calls: number
  /** Retries that were granted, and were due in it. */
  readonly retries: number
  /** Retries that would be granted now. */
  readonly remaining: number
}

interface Slot {
  calls: number
  retries: number
}

const slotsPerWindow = 10

/**
 * Keeps retries a small share of the calls: at the moment of each retry, the window that ends there holds at most
 * `minRetries + ratio × first calls` retries. A retry is booked where its wait will end: long waits do not let retries
 * pile up that then run together. Without one, every layer that retries three times multiplies the load of
 * a failing dependency by four. Share one among the callers of one dependency.
 *
 * After the retry budgets of Finagle (`RetryBudget`) and the SRE book, "Handling Overload".
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * const budget = new RetryBudget({ ratio: 0.1 })
 * await retry(load, { budget })
 */
export class RetryBudget {
  readonly #ratio: number
  readonly #minRetries: number
  readonly #slotMs: number
  readonly #clock: Clock
  /** By number; those of retries that still wait are ahead of the clock. */
  readonly #slots = new Map<number, Slot>()

  constructor({ ratio = 0.1, minRetries = 10, windowMs = 10_000, clock = systemClock }: RetryBudgetOptions = {}) {
    checkNumber('windowMs', windowMs, 'a finite number > 0', (value) => value > 0 && value < Infinity)
    checkNumber('ratio', ratio, 'a finite number >= 0', (value) => value >= 0 && value < Infinity)
    checkNumber('minRetries', minRetries, 'an integer >= 0', (value) => Number.isInteger(value) && value >= 0)
    checkMethods('clock', clock, 'a Clock', ['now', 'setTimeout', 'clearTimeout'])
    this.#ratio = ratio
    this.#minRetries = minRetries
    this.#slotMs = windowMs / slotsPerWindow
    this.#clock = clock
  }

  /** Counts a first call. `retry` does it by itself. */
  recordCall(): void {
    this.#slot(this.#slotIn(0)).calls += 1
  }

  /**
   * Takes a retry that will run in `delayMs` out of the budget, of the window that will end then; false when there is
   * none left. `retry` does it by itself.
   */
  tryRetry(delayMs: number = 0): boolean {
    const due = this.#slotIn(delayMs)
    if (this.#remaining(due) < 1) return false
    this.#slot(due).retries += 1
    return true
  }

  /** Gives back a retry that will not run; `delayMs` is what was left of its wait. `retry` does it by itself. */
  returnRetry(delayMs: number = 0): void {
    const slot = this.#slots.get(this.#slotIn(delayMs))
    if (slot && slot.retries > 0) slot.retries -= 1
  }

  /** What has been counted, and what is left. */
  snapshot(): RetryBudgetSnapshot {
    const current = this.#slotIn(0)
    return { ...this.#window(current), remaining: this.#remaining(current) }
  }

  /** What is left in the window that ends at `due`, and in those of later retries, which one at `due` would be part of. */
  #remaining(due: number): number {
    let remaining = Infinity
    for (let ahead = 0; ahead <= slotsPerWindow; ahead += 1) {
      if (ahead > 0 && !this.#slots.get(due + ahead)?.retries) continue
      const { calls, retries } = this.#window(due + ahead)
      remaining = Math.min(remaining, this.#minRetries + this.#ratio * calls - retries)
    }
    return Math.max(0, Math.floor(remaining))
  }

  #window(end: number): { calls: number; retries: number } {
    let calls = 0
    let retries = 0
    for (let back = 0; back <= slotsPerWindow; back += 1) {
      const slot = this.#slots.get(end - back)
      retries += slot?.retries ?? 0
      // The oldest slot is partly outside the window: its retries count and its calls do not, so the bound is never missed.
      if (back < slotsPerWindow) calls += slot?.calls ?? 0
    }
    return { calls, retries }
  }

  #slotIn(ms: number): number {
    return Math.floor((this.#clock.now() + ms) / this.#slotMs)
  }

  #slot(number: number): Slot {
    const known = this.#slots.get(number)
    if (known) return known
    const oldest = this.#slotIn(0) - slotsPerWindow
    for (const other of this.#slots.keys()) if (other < oldest) this.#slots.delete(other)
    const slot = { calls: 0, retries: 0 }
    this.#slots.set(number, slot)
    return slot
  }
}
