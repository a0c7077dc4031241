/* oxlint-disable no-await-in-loop -- the steps of a test happen one after another */
import { RateLimiter, systemClock, TokenBucket } from '@aplomb/rate-limiter'
import { expect, test } from 'vitest'
import { ManualClock } from './manual-clock.ts'

// Each of these goes wrong with a widely used limiter.

const day = 86_400_000

test('RateLimiter: a window of 30 days is a limit', async () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ limits: { quota: 1, windowMs: 30 * day, type: 'fixed' }, clock })
  expect(limiter.tryAcquire('a')).toBe(true)
  await clock.advance(29 * day)
  expect(limiter.tryAcquire('a')).toBe(false)
  await clock.advance(day)
  expect(limiter.tryAcquire('a')).toBe(true)
})

test('RateLimiter: a window of half a second, or of half a millisecond, ends', async () => {
  for (const windowMs of [500, 0.5]) {
    const clock = new ManualClock()
    const limiter = new RateLimiter({ limits: { quota: 1, windowMs }, clock })
    limiter.tryAcquire('a')
    expect(limiter.tryAcquire('a')).toBe(false)
    await clock.advance(windowMs)
    expect(limiter.tryAcquire('a')).toBe(true)
  }
})

test('RateLimiter: NaN tokens are refused and later calls are limited as ever', async () => {
  const limiter = new RateLimiter({ limits: { rate: 1, capacity: 1 }, clock: new ManualClock() })
  await expect(limiter.check('a', Number.NaN)).rejects.toThrow(RangeError)
  expect(limiter.tryAcquire('a')).toBe(true)
  expect(limiter.tryAcquire('a')).toBe(false)
})

test('RateLimiter: a denied weighted request is charged nothing', async () => {
  const limiter = new RateLimiter({ limits: { quota: 10, windowMs: day }, clock: new ManualClock() })
  limiter.tryAcquire('a', 6)
  for (let attempt = 0; attempt < 5; attempt += 1) expect(limiter.tryAcquire('a', 5)).toBe(false)
  expect(limiter.tryAcquire('a', 4)).toBe(true)
})

test('RateLimiter: denials by a short limit do not burn the quota of a long one', async () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({
    limits: [
      { rate: 1, capacity: 1 },
      { quota: 2, windowMs: day },
    ],
    clock,
  })
  for (let attempt = 0; attempt < 100; attempt += 1) limiter.tryAcquire('a')
  await clock.advance(1000)
  expect(limiter.tryAcquire('a')).toBe(true)
})

test('TokenBucket: at 10 a second and a burst of 10, 300 ms give 13, wherever they lie', async () => {
  for (const start of [0, 850, 999]) {
    const clock = new ManualClock(start)
    const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
    let granted = 0
    for (let ms = 0; ms <= 300; ms += 1) {
      while (bucket.tryAcquire()) granted += 1
      await clock.advance(1)
    }
    expect(granted).toBe(13)
  }
})

test('TokenBucket: tryAcquire does not overtake those who wait', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  bucket.tryAcquire(10)
  const waiting = bucket.acquire(10)
  await clock.advance(900)
  expect(bucket.tryAcquire(1)).toBe(false)
  await clock.advance(100)
  expect(await waiting).toBe(true)
})

test('RateLimiter: the key "constructor" waits like any other', async () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ limits: { rate: 10, capacity: 1 }, clock })
  limiter.tryAcquire('constructor')
  const waiting = limiter.acquire('constructor')
  await clock.advance(100)
  expect(await waiting).toBe(true)
})

test('RateLimiter: 40,000 keys start no timer and do not hold the event loop for seconds', () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ limits: { rate: 10, capacity: 10 }, clock })
  const start = systemClock.now()
  for (let index = 0; index < 40_000; index += 1) limiter.tryAcquire(`key ${index}`)
  expect(systemClock.now() - start).toBeLessThan(1000)
  expect(clock.timers.size).toBe(0)
})
