import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CountWindow, TimeWindow, type Totals } from '../src/window.ts'

interface Entry {
  readonly at: number
  readonly failed: boolean
  readonly slow: boolean
}

const steps = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2_000 })),
    failed: fc.boolean(),
    slow: fc.boolean(),
  }),
  { maxLength: 80 },
)

const rates = fc.record({
  minimumCalls: fc.integer({ min: 1, max: 12 }),
  failureRate: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.05, max: 1, noNaN: true })),
  slowCallRate: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.05, max: 1, noNaN: true })),
})

const add = (log: readonly Entry[]): Totals => ({
  calls: log.length,
  failures: log.filter(({ failed }) => failed).length,
  slow: log.filter(({ slow }) => slow).length,
})

test('5. CountWindow agrees with a log of the last `size` outcomes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), rates, steps, (size, rules, entries) => {
      const window = new CountWindow(size, rules)
      const log: Entry[] = []
      for (const { failed, slow } of entries) {
        log.push({ at: 0, failed, slow })
        const { calls, failures, slow: slowCalls } = add(log.slice(-size))
        const bad = failures / calls >= rules.failureRate || slowCalls / calls >= rules.slowCallRate
        expect(window.record(failed, slow)).toBe(calls >= rules.minimumCalls && bad)
        expect(window.totals()).toEqual({ calls, failures, slow: slowCalls })
      }
    }),
  )
})

test('5. TimeWindow agrees with a log of timestamps rounded to the edges of buckets', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 40 }),
      rates,
      steps,
      (buckets, bucketMs, rules, entries) => {
        const window = new TimeWindow(buckets * bucketMs, buckets, rules)
        const log: Entry[] = []
        let now = 0
        for (const { wait, failed, slow } of entries) {
          now += wait
          log.push({ at: Math.floor(now / bucketMs), failed, slow })
          const oldest = Math.floor(now / bucketMs) - buckets
          const expected = add(log.filter(({ at }) => at > oldest))
          const { calls, failures, slow: slowCalls } = expected
          const bad = failures / calls >= rules.failureRate || slowCalls / calls >= rules.slowCallRate
          expect(window.record(failed, slow, now)).toBe(calls >= rules.minimumCalls && bad)
          expect(window.totals(now)).toEqual(expected)
        }
      },
    ),
  )
})

test('5. TimeWindow forgets in full: after an hour of silence no old failure is left', () => {
  const window = new TimeWindow(10_000, 10, { minimumCalls: 1, failureRate: 1, slowCallRate: Infinity })
  for (let now = 0; now < 20_000; now += 100) window.record(true, true, now)
  expect(window.totals(3_620_000)).toEqual({ calls: 0, failures: 0, slow: 0 })
})
