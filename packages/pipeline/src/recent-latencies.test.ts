import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentLatencies } from './recent-latencies.ts'

test('RecentLatencies gives the nearest-rank quantile of the last 100, and none while too few are known', () => {
  const latency = fc.oneof(fc.nat(20), fc.double({ min: 0, max: 1_000, noNaN: true }))
  fc.assert(
    fc.property(
      fc.constantFrom(0.5, 0.9, 0.95, 0.99),
      fc.array(latency, { maxLength: 300, size: 'max' }),
      (quantile, all) => {
        const latencies = new RecentLatencies(quantile)
        for (const ms of all) latencies.add(ms)
        const last = all.slice(-100).sort((a, b) => a - b)
        const enough = last.length * (1 - quantile) > 1 - 1e-9
        expect(latencies.value).toBe(enough ? last[Math.ceil(quantile * last.length) - 1] : undefined)
      },
    ),
    { numRuns: 200 },
  )
})

test('RecentLatencies needs 100 at most, however high the quantile', () => {
  const latencies = new RecentLatencies(0.999)
  for (let ms = 1; ms <= 99; ms += 1) latencies.add(ms)
  expect(latencies.value).toBeUndefined()
  latencies.add(100)
  expect(latencies.value).toBe(100)
})
