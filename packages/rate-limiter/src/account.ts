import type { Decision } from './decision.ts'
import { FixedWindow } from './fixed-window.ts'
import type { Cell, Meter } from './meter.ts'

/** The memory of an account that has spent nothing. */
export function freshCells(meters: readonly Meter[], now: number): Cell[] {
  return meters.map(() => ({ at: now, part: 0 }))
}

function smallestCapacity(meters: readonly Meter[]): number {
  let smallest = Infinity
  for (const { capacity } of meters) if (capacity < smallest) smallest = capacity
  return smallest
}

/** One holder of tokens under one or more limits: all of them grant, or none is charged. Times are microseconds. */
export class Account {
  meters: readonly Meter[]
  cells: Cell[]
  blockedUntil: number
  /** The most tokens that can ever be had at once. */
  capacity: number

  constructor(meters: readonly Meter[], cells: Cell[], blockedUntil: number = -Infinity) {
    this.meters = meters
    this.cells = cells
    this.blockedUntil = blockedUntil
    this.capacity = smallestCapacity(meters)
  }

  /** Puts other limits in force, with what they remember. */
  change(meters: readonly Meter[], cells: Cell[]): void {
    this.meters = meters
    this.cells = cells
    this.capacity = smallestCapacity(meters)
  }

  /** Forgets everything that was spent, under the limits that are in force from now on. */
  clear(meters: readonly Meter[], now: number): void {
    this.change(meters, freshCells(meters, now))
    this.blockedUntil = -Infinity
  }

  /** A copy to try things out on. */
  fork(): Account {
    return new Account(
      this.meters,
      this.cells.map(({ at, part }) => ({ at, part })),
      this.blockedUntil,
    )
  }

  /**
   * Whether somebody can be served later because somebody ahead has left: a fixed window opens with its first use, and
   * if another limit lets that happen sooner, it is used up sooner.
   */
  get canSlip(): boolean {
    return this.meters.length > 1 && this.meters.some((meter) => meter instanceof FixedWindow)
  }

  /** When all limits can grant `tokens`; of 0 tokens, when the account is neither blocked nor in debt. `from` at the earliest. */
  readyAt(tokens: number, from: number): number {
    let ready = this.blockedUntil > from ? this.blockedUntil : from
    for (let index = 0; index < this.meters.length; index += 1) {
      ready = this.#meter(index).readyAt(this.#cell(index), tokens, ready)
    }
    return ready
  }

  take(tokens: number, at: number): void {
    for (let index = 0; index < this.meters.length; index += 1) this.#meter(index).take(this.#cell(index), tokens, at)
  }

  giveBack(tokens: number, now: number): void {
    for (let index = 0; index < this.meters.length; index += 1) {
      this.#meter(index).giveBack(this.#cell(index), tokens, now)
    }
  }

  /** From when on there is nothing to remember. */
  fullAt(): number {
    let full = this.blockedUntil
    for (let index = 0; index < this.meters.length; index += 1) {
      full = Math.max(full, this.#meter(index).fullAt(this.#cell(index)))
    }
    return full
  }

  /** The account's state in words, by its tightest limit: the one that grants `tokens` last, then the one with least left. */
  decision(allowed: boolean, tokens: number, now: number, readyAt: number): Decision {
    let tightest = 0
    for (let index = 1; index < this.meters.length; index += 1) {
      if (this.#compare(index, tightest, allowed ? 0 : tokens, now) < 0) tightest = index
    }
    const { name, capacity } = this.#meter(tightest)
    const fullAt = Math.max(this.blockedUntil, this.#meter(tightest).fullAt(this.#cell(tightest)))
    const decision: Decision = {
      allowed,
      limit: capacity,
      remaining: this.blockedUntil > now ? 0 : this.#meter(tightest).remaining(this.#cell(tightest), now),
      retryAfterMs: allowed ? 0 : (readyAt - now) / 1000,
      resetAfterMs: Math.max(0, fullAt - now) / 1000,
    }
    return name === undefined ? decision : { ...decision, limitName: name }
  }

  #compare(a: number, b: number, tokens: number, now: number): number {
    const later =
      this.#meter(b).readyAt(this.#cell(b), tokens, now) - this.#meter(a).readyAt(this.#cell(a), tokens, now)
    if (later !== 0) return later
    return this.#meter(a).remaining(this.#cell(a), now) - this.#meter(b).remaining(this.#cell(b), now)
  }

  #meter(index: number): Meter {
    return this.meters[index] as Meter
  }

  #cell(index: number): Cell {
    return this.cells[index] as Cell
  }
}
