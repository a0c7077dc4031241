import { expect, test } from 'vitest'
import { busy, fail, ManualClock, passing, rejection, settle } from '../test/manual-clock.ts'
import { retry, RetryBudget, RetryPolicy, type RetryContext } from './index.ts'

const oneRetry = { maxRetries: 1, initialDelayMs: 0 }

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

test('RetryBudget holds its bound at the moment when retries run, however long each of them waited', async () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ ratio: 0, minRetries: 10, windowMs: 200, clock })
  const at: number[] = []
  const fn = ({ attempt }: RetryContext): never => {
    if (attempt > 1) at.push(clock.now())
    throw Object.assign(new Error('busy'), { status: 503, retryAfterMs: Math.max(0, 1_000 - clock.now()) })
  }
  const policy = new RetryPolicy({ ...oneRetry, budget, clock })
  const calls: Promise<unknown>[] = []
  for (let wave = 0; wave < 4; wave += 1) {
    for (let call = 0; call < 50; call += 1) calls.push(rejection(policy.execute(fn)))
    // oxlint-disable-next-line no-await-in-loop -- one wave after the other
    await clock.advance(250)
  }
  await clock.advance(5_000)
  await Promise.all(calls)
  const inWindow = at.map((end) => at.filter((time) => time > end - 200 && time <= end).length)
  expect(at.length).toBeGreaterThan(0)
  expect(Math.max(...inWindow)).toBeLessThanOrEqual(10)
})

test('RetryBudget refuses a retry that would spend what a later one has booked', () => {
  const budget = new RetryBudget({ ratio: 0, minRetries: 1, windowMs: 1_000, clock: new ManualClock() })
  expect(budget.tryRetry(500)).toBe(true)
  expect(budget.tryRetry()).toBe(false)
  expect(budget.tryRetry(5_000)).toBe(true)
})

test('RetryBudget gets a retry back that an abort, onRetry or a late timer keeps from running', async () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ ratio: 0, minRetries: 1, clock })
  const options = { clock, budget, jitter: 'none', initialDelayMs: 1_500 } as const
  const inWait = new AbortController()
  const first = rejection(retry(fail(), { ...options, signal: inWait.signal }))
  await settle()
  expect(budget.snapshot().remaining).toBe(0)
  clock.stall(700)
  inWait.abort('stop')
  expect(await first).toBe('stop')
  expect(budget.snapshot().remaining).toBe(1)

  const inHook = new AbortController()
  const onRetry = (): void => inHook.abort('stop')
  expect(await rejection(retry(fail(), { ...options, signal: inHook.signal, onRetry }))).toBe('stop')
  expect(budget.snapshot().remaining).toBe(1)

  const late = rejection(retry(fail(), { ...options, totalTimeoutMs: 2_000 }))
  await settle()
  clock.stall(2_500)
  await clock.advance(0)
  expect(await late).toBe(busy)
  expect(budget.snapshot().remaining).toBe(1)
})
