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
  /** Retries that were granted. */
  readonly retries: number
  /** Retries that would be granted now. */
  readonly remaining: number
}

interface Slot {
  readonly number: number
  calls: number
  retries: number
}

const slotsPerWindow = 10

/**
 * Keeps retries a small share of the calls: at the moment of each retry, the window that ends there holds at most
 * `minRetries + ratio × first calls` retries. Without one, every layer that retries three times multiplies the load of
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
  #slots: Slot[] = []

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
    this.#currentSlot().calls += 1
  }

  /** Takes a retry out of the budget; false when there is none left. `retry` does it by itself. */
  tryRetry(): boolean {
    const slot = this.#currentSlot()
    if (this.snapshot().remaining < 1) return false
    slot.retries += 1
    return true
  }

  /** What has been counted, and what is left. */
  snapshot(): RetryBudgetSnapshot {
    const current = this.#currentSlot().number
    let calls = 0
    let retries = 0
    for (const slot of this.#slots) {
      retries += slot.retries
      // The oldest slot is partly outside the window: its retries count and its calls do not, so the bound is never missed.
      if (slot.number > current - slotsPerWindow) calls += slot.calls
    }
    const remaining = Math.max(0, Math.floor(this.#minRetries + this.#ratio * calls - retries))
    return { calls, retries, remaining }
  }

  #currentSlot(): Slot {
    const number = Math.floor(this.#clock.now() / this.#slotMs)
    const last = this.#slots.at(-1)
    if (last && last.number >= number) return last
    const slot = { number, calls: 0, retries: 0 }
    this.#slots = [...this.#slots.filter((other) => other.number >= number - slotsPerWindow), slot]
    return slot
  }
}
