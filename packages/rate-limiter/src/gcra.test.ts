import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gcra } from './gcra.ts'

/** The same bucket with the moment at which it is full as one exact fraction, in units of 1 / denominator µs. */
class NaiveGcra {
  full: bigint
  readonly #interval: bigint
  readonly #denominator: bigint
  readonly #capacity: bigint

  constructor(interval: bigint, denominator: bigint, capacity: number, now: number) {
    this.#interval = interval
    this.#denominator = denominator
    this.#capacity = BigInt(capacity)
    this.full = BigInt(now) * denominator
  }

  isReady(tokens: number, now: number): boolean {
    return this.full + (BigInt(tokens) - this.#capacity) * this.#interval <= BigInt(now) * this.#denominator
  }

  take(tokens: number, now: number): void {
    if (this.full <= BigInt(now - 1) * this.#denominator) this.full = BigInt(now) * this.#denominator
    this.full += BigInt(tokens) * this.#interval
  }

  giveBack(tokens: number, now: number): void {
    const full = this.full - BigInt(tokens) * this.#interval
    const floor = BigInt(now) * this.#denominator
    this.full = full < floor ? floor : full
  }

  remaining(now: number): number {
    for (let tokens = Number(this.#capacity); tokens > 0; tokens -= 1) if (this.isReady(tokens, now)) return tokens
    return 0
  }
}

const interval = fc.oneof(
  fc.record({ numerator: fc.bigInt(1n, 5000n), denominator: fc.bigInt(1n, 5000n) }),
  // A year for a prime number of tokens: products far above 2^53.
  fc.record({
    numerator: fc.constant(31_536_000_000_000n),
    denominator: fc.constantFrom(999_983n, 7n, 1_000_000_000_039n),
  }),
)
const step = fc.record({
  type: fc.constantFrom('take', 'take', 'take', 'giveBack'),
  tokens: fc.integer({ min: 1, max: 12 }),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20_000 })),
})

test('Gcra computes exactly what fractions of any size say', () => {
  fc.assert(
    fc.property(interval, fc.integer({ min: 12, max: 40 }), fc.array(step), (fraction, capacity, steps) => {
      let now = 1_700_000_000_000_000
      const gcra = new Gcra(fraction, capacity)
      const cell = { at: now, part: 0 }
      const naive = new NaiveGcra(fraction.numerator, fraction.denominator, capacity, now)
      for (const { type, tokens, wait } of steps) {
        now += wait
        if (type === 'giveBack') {
          gcra.giveBack(cell, tokens, now)
          naive.giveBack(tokens, now)
        }
        const readyAt = gcra.readyAt(cell, tokens, now)
        expect(naive.isReady(tokens, readyAt)).toBe(true)
        expect(readyAt === now || !naive.isReady(tokens, readyAt - 1)).toBe(true)
        expect(gcra.remaining(cell, now)).toBe(naive.remaining(now))
        if (type === 'take' && readyAt === now) {
          gcra.take(cell, tokens, now)
          naive.take(tokens, now)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('Gcra.adopt keeps the tokens and their fractions, never more of them', () => {
  const limit = fc.record({ numerator: fc.bigInt(1n, 5000n), denominator: fc.bigInt(1n, 5000n) })
  const capacity = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(
      limit,
      capacity,
      limit,
      capacity,
      fc.nat({ max: 40 }),
      fc.nat({ max: 9000 }),
      (a, m, b, n, spent, wait) => {
        const [before, after] = [new Gcra(a, m), new Gcra(b, n)]
        const cell = { at: 0, part: 0 }
        before.take(cell, Math.min(spent, m), 0)
        const adopted = after.adopt(before, cell, wait)
        expect(after.remaining(adopted, wait)).toBeLessThanOrEqual(Math.min(before.remaining(cell, wait), n))
        expect(after.remaining(adopted, wait + 1)).toBeGreaterThanOrEqual(Math.min(before.remaining(cell, wait), n))
      },
    ),
  )
})
