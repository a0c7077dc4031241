import { greatestCommonDivisor, type Fraction } from './fraction.ts'
import type { Cell, Meter } from './meter.ts'

/** Time to fill from empty, at the most: 2^51 µs, 71 years. Sums of a few such times and of a clock's stay exact. */
const longestFill = 2n ** 51n

/**
 * The generic cell rate algorithm (ITU-T I.371, the virtual scheduling form): a token bucket that remembers one moment,
 * the theoretical arrival time, at which the bucket is full again. Taking n tokens moves it n intervals ahead; they can
 * be had as long as that leaves it within `capacity` intervals from now.
 *
 * The interval between two tokens is a fraction of a microsecond's whole numbers, so that nothing drifts: a cell holds
 * the moment as `at + part / denominator`.
 */
export class Gcra implements Meter {
  readonly name: string | undefined
  readonly capacity: number
  readonly #denominator: number
  /** One interval: `#whole + #part / #denominator` µs. */
  readonly #whole: number
  readonly #part: number
  /** `capacity` intervals. */
  readonly #fillWhole: number
  readonly #fillPart: number

  /** `interval` is the time from one token to the next, in microseconds. */
  constructor(interval: Fraction, capacity: number, name?: string) {
    const divisor = greatestCommonDivisor(interval.numerator, interval.denominator)
    const [numerator, denominator] = [interval.numerator / divisor, interval.denominator / divisor]
    const fill = numerator * BigInt(capacity)
    if (fill > longestFill * denominator) {
      throw new RangeError(
        `the time to fill from empty must be <= 71 years, received ${Number(fill / denominator) / 1e6} seconds`,
      )
    }
    this.name = name
    this.capacity = capacity
    this.#denominator = Number(denominator)
    this.#whole = Number(numerator / denominator)
    this.#part = Number(numerator % denominator)
    this.#fillWhole = Number(fill / denominator)
    this.#fillPart = Number(fill % denominator)
  }

  readyAt(cell: Cell, tokens: number, from: number): number {
    let whole = cell.at - this.#fillWhole + tokens * this.#whole
    if (this.#denominator !== 1) {
      const [carry, part] = this.#parts(tokens)
      whole += carry + Math.ceil((cell.part + part - this.#fillPart) / this.#denominator)
    }
    return whole > from ? whole : from
  }

  take(cell: Cell, tokens: number, at: number): void {
    // A full bucket spills what comes in. Less than a microsecond is kept: it was spilt by the rounding of the time at
    // which a waiter is served, not by idleness, and a million such losses would add up.
    if (cell.at < at && !(cell.at === at - 1 && cell.part > 0)) {
      cell.at = at
      cell.part = 0
    }
    this.#move(cell, tokens)
  }

  giveBack(cell: Cell, tokens: number, now: number): void {
    this.#move(cell, -tokens)
    if (cell.at >= now) return
    cell.at = now
    cell.part = 0
  }

  remaining(cell: Cell, now: number): number {
    const units =
      cell.at < now
        ? this.#units(this.#fillWhole, this.#fillPart)
        : this.#units(this.#fillWhole - (cell.at - now), this.#fillPart - cell.part)
    const perToken = this.#units(this.#whole, this.#part)
    if (Number.isSafeInteger(units) && Number.isSafeInteger(perToken)) {
      return units <= 0 ? 0 : (units - (units % perToken)) / perToken
    }
    const spare = this.#spare(cell, now)
    return spare <= 0n ? 0 : Number(spare / this.#unitsPerToken())
  }

  fullAt(cell: Cell): number {
    return cell.part > 0 ? cell.at + 1 : cell.at
  }

  /** The cell in which this limit holds as many tokens, and parts of one, as `before` holds in `cell`. */
  adopt(before: Gcra, cell: Cell, now: number): Cell {
    const denominator = BigInt(this.#denominator)
    const fill = BigInt(this.#fillWhole) * denominator + BigInt(this.#fillPart)
    const kept = (before.#spare(cell, now) * this.#unitsPerToken()) / before.#unitsPerToken()
    const missing = kept >= fill ? 0n : fill - kept
    return { at: now + Number(missing / denominator), part: Number(missing % denominator) }
  }

  #move(cell: Cell, tokens: number): void {
    cell.at += tokens * this.#whole
    if (this.#denominator === 1) return
    const [carry, part] = this.#parts(tokens)
    const sum = cell.part + part
    const more = Math.floor(sum / this.#denominator)
    cell.at += carry + more
    cell.part = sum - more * this.#denominator
  }

  /** The fractional parts of so many intervals, as whole microseconds and what is left over. */
  #parts(tokens: number): [carry: number, part: number] {
    const product = tokens * this.#part
    if (Number.isSafeInteger(product)) {
      const part = product % this.#denominator
      return [(product - part) / this.#denominator, part]
    }
    const exact = BigInt(tokens) * BigInt(this.#part)
    const denominator = BigInt(this.#denominator)
    return [Number(exact / denominator), Number(exact % denominator)]
  }

  /** So many microseconds in units of `1 / #denominator`; no safe integer where a double cannot hold them. */
  #units(whole: number, part: number): number {
    return whole * this.#denominator + part
  }

  /** What could be taken now, in units of which a token has `#unitsPerToken()`; below 0 in debt. */
  #spare(cell: Cell, now: number): bigint {
    const fill = BigInt(this.#fillWhole) * BigInt(this.#denominator) + BigInt(this.#fillPart)
    if (cell.at < now) return fill
    return fill - BigInt(cell.at - now) * BigInt(this.#denominator) - BigInt(cell.part)
  }

  #unitsPerToken(): bigint {
    return BigInt(this.#whole) * BigInt(this.#denominator) + BigInt(this.#part)
  }
}
