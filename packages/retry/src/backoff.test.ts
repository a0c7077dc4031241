import { expect, test } from 'vitest'
import { constant, decorrelated, exponential, linear, type Backoff } from './index.ts'

function delays(backoff: Backoff, count: number, random = 0.5): number[] {
  const result: number[] = []
  for (let attempt = 1; attempt <= count; attempt += 1) {
    const previousDelayMs = result.at(-1) ?? 0
    result.push(backoff({ attempt, previousDelayMs, error: undefined, random: () => random }))
  }
  return result
}

test('constant, linear and exponential without jitter', () => {
  expect(delays(constant({ initialDelayMs: 70_000, jitter: 'none' }), 3)).toEqual([70_000, 70_000, 70_000])
  expect(delays(linear({ initialDelayMs: 100, maxDelayMs: 250, jitter: 'none' }), 3)).toEqual([100, 200, 250])
  expect(delays(exponential({ initialDelayMs: 1_000, jitter: 'none' }), 8)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
  ])
})

test('full jitter is uniform in [0, min(cap, base)], equal jitter in its upper half, and both keep their spread at the cap (7)', () => {
  const options = { initialDelayMs: 100, maxDelayMs: 1_000 }
  expect([0, 0.25, 1].map((random) => delays(exponential(options), 9, random).at(-1))).toEqual([0, 250, 1_000])
  const equal = exponential({ ...options, jitter: 'equal' })
  expect([0, 0.25, 1].map((random) => delays(equal, 9, random).at(-1))).toEqual([500, 625, 1_000])
  expect(delays(constant({ initialDelayMs: 100 }), 1, 0.25)).toEqual([25])
})

test('decorrelated is min(max, uniform(initial, 3 × previous))', () => {
  const options = { initialDelayMs: 100, maxDelayMs: 1_000 }
  expect(delays(decorrelated(options), 4, 1)).toEqual([300, 900, 1_000, 1_000])
  expect(delays(decorrelated(options), 3, 0)).toEqual([100, 100, 100])
  expect(delays(decorrelated(options), 2, 0.5)).toEqual([200, 350])
})

test('an exponent that overflows becomes maxDelayMs, never NaN (7)', () => {
  const at = { attempt: 5_000, previousDelayMs: 0, error: undefined, random: () => 1 }
  expect(exponential({ initialDelayMs: 1, maxDelayMs: 9 })(at)).toBe(9)
  expect(exponential({ initialDelayMs: 0 })(at)).toBe(0)
})

test('a backoff refuses options that are out of range', () => {
  expect(() => exponential({ initialDelayMs: 1, factor: Number.NaN })).toThrow(
    'factor must be a finite number >= 1, received NaN',
  )
  expect(() => decorrelated({ initialDelayMs: -1 })).toThrow(RangeError)
  expect(() => linear({ initialDelayMs: 1, maxDelayMs: -1 })).toThrow(RangeError)
})

test('decorrelated keeps its spread at the cap, and is a number however large its options are', () => {
  const backoff = decorrelated({ initialDelayMs: 100, maxDelayMs: 1_000 })
  const spread = Array.from({ length: 100 }, (_, index) =>
    backoff({ attempt: 9, previousDelayMs: 1_000, error: undefined, random: () => index / 100 }),
  )
  expect(new Set(spread).size).toBe(100)
  const huge = decorrelated({ initialDelayMs: 1e308, maxDelayMs: 1_000 })
  for (const chance of [0, 0.5, 1]) {
    expect(huge({ attempt: 1, previousDelayMs: 0, error: undefined, random: () => chance })).toBe(1_000)
  }
})
