import { expect, test } from 'vitest'
import { ManualClock, passing, rejection } from '../test/manual-clock.ts'
import { retry, RetryBudget } from './index.ts'

test('RetryBudget lets 1,000 concurrent failing calls make at most 1,110 calls in all (8)', async () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ ratio: 0.1, minRetries: 10, clock })
  let calls = 0
  const all = Array.from({ length: 1_000 }, () =>
    rejection(
      retry(
        () => {
          calls += 1
          throw passing()
        },
        { clock, budget },
      ),
    ),
  )
  await clock.advance(60_000)
  await Promise.all(all)
  expect(calls).toBe(1_110)
})

test('RetryBudget refuses without a sleep first: the last error is thrown at once (8)', async () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ minRetries: 0, ratio: 0, clock })
  const error = passing()
  expect(await rejection(retry(() => Promise.reject(error), { clock, budget }))).toBe(error)
  expect(clock.delays).toEqual([])
})

test('RetryBudget forgets what is older than its window, calls before retries', () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ ratio: 1, minRetries: 0, windowMs: 1_000, clock })
  budget.recordCall()
  budget.recordCall()
  expect(budget.tryRetry()).toBe(true)
  expect(budget.snapshot()).toEqual({ calls: 2, retries: 1, remaining: 1 })
  clock.stall(1_000)
  expect(budget.snapshot()).toEqual({ calls: 0, retries: 1, remaining: 0 })
  expect(budget.tryRetry()).toBe(false)
  clock.stall(100)
  expect(budget.snapshot()).toEqual({ calls: 0, retries: 0, remaining: 0 })
})

test('RetryBudget is not charged for a retry that the total timeout forbids, nor for a call that never starts', async () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ clock })
  await rejection(retry(() => Promise.reject(passing()), { clock, budget, jitter: 'none', totalTimeoutMs: 5 }))
  await rejection(retry(() => 1, { budget, signal: AbortSignal.abort() }))
  expect(budget.snapshot()).toMatchObject({ calls: 1, retries: 0 })
})

test('RetryBudget refuses options that are out of range', () => {
  expect(() => new RetryBudget({ windowMs: 0 })).toThrow('windowMs must be a finite number > 0, received 0')
  expect(() => new RetryBudget({ ratio: -0.1 })).toThrow('ratio must be a finite number >= 0, received -0.1')
  expect(() => new RetryBudget({ minRetries: 0.5 })).toThrow('minRetries must be an integer >= 0, received 0.5')
})
