import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { journal } from '../test/journal.ts'
import { ManualClock, settled } from '../test/manual-clock.ts'
import { TokenBucket } from './token-bucket.ts'

test.each([10, 1000 / 3, 0.1, 7, Math.PI, 1e6, 123.456])(
  'TokenBucket.check grants after retryAfterMs exactly, and not one microsecond earlier, at %d tokens a second',
  (rate) => {
    const clock = new ManualClock()
    const bucket = new TokenBucket({ rate, capacity: 3, clock })
    expect(bucket.tryAcquire(3)).toBe(true)
    for (const tokens of [1, 2, 3, 1]) {
      const { allowed, retryAfterMs } = bucket.check(tokens)
      expect(allowed).toBe(false)
      clock.jump(retryAfterMs - 0.001)
      expect(bucket.tryAcquire(tokens)).toBe(false)
      clock.jump(0.001)
      expect(bucket.tryAcquire(tokens)).toBe(true)
    }
  },
)

test.each([
  [10, 1n, 10n],
  [1000 / 3, 3n, 1000n],
  [0.1, 10n, 1n],
  [7, 1n, 7n],
])(
  'TokenBucket grants ⌊rate · T⌋ + capacity in all after 1,000,000 steps at %d tokens a second',
  (rate, per, tokensPer) => {
    const clock = new ManualClock()
    const bucket = new TokenBucket({ rate, capacity: 20, clock })
    let granted = 0n
    let now = 0n
    for (let step = 0; step < 1_000_000; step += 1) {
      while (bucket.tryAcquire()) granted += 1n
      now += 997n
      clock.jump(Number(now) / 1000 - clock.now())
    }
    while (bucket.tryAcquire()) granted += 1n
    expect(granted).toBe((now * tokensPer) / (per * 1_000_000n) + 20n)
  },
)

test('TokenBucket.check loses nothing to rounding over 100,000 waits for retryAfterMs at 7 tokens a second', () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 7, capacity: 1, clock })
  for (let step = 0; step < 100_000; step += 1) {
    expect(bucket.tryAcquire()).toBe(true)
    clock.jump(bucket.check().retryAfterMs)
  }
  expect(Math.round(clock.now() * 1000)).toBe(Math.ceil((100_000 * 1_000_000) / 7))
})

test('TokenBucket starts full, never holds more than its capacity, and tells so in peek', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 20, clock })
  expect(bucket.peek()).toEqual({ remaining: 20, resetAfterMs: 0 })
  bucket.tryAcquire(15)
  expect(bucket.peek()).toEqual({ remaining: 5, resetAfterMs: 1500 })
  await clock.advance(150)
  expect(bucket.peek()).toEqual({ remaining: 6, resetAfterMs: 1350 })
  await clock.advance(1e9)
  expect(bucket.peek()).toEqual({ remaining: 20, resetAfterMs: 0 })
})

test('TokenBucket.check says what was decided and why', () => {
  const bucket = new TokenBucket({ rate: 10, capacity: 20, clock: new ManualClock() })
  expect(bucket.check(18)).toEqual({ allowed: true, limit: 20, remaining: 2, retryAfterMs: 0, resetAfterMs: 1800 })
  expect(bucket.check(5)).toEqual({ allowed: false, limit: 20, remaining: 2, retryAfterMs: 300, resetAfterMs: 1800 })
})

test('TokenBucket.acquire serves strictly in order; a small request never overtakes a large one', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  const { entries, note } = journal()
  bucket.tryAcquire(10)
  note('large', bucket.acquire(8))
  note('small', bucket.acquire(1))
  await clock.advance(799)
  expect(entries).toEqual([])
  await clock.advance(1)
  expect(entries).toEqual(['large true'])
  await clock.advance(100)
  expect(entries).toEqual(['large true', 'small true'])
})

test('TokenBucket.tryAcquire and check never overtake the queue, and check counts it', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  bucket.tryAcquire(10)
  const waiting = bucket.acquire(5)
  await clock.advance(300)
  expect(bucket.tryAcquire(1)).toBe(false)
  expect(bucket.check(1)).toMatchObject({ allowed: false, remaining: 3, retryAfterMs: 300 })
  await clock.advance(200)
  expect(await waiting).toBe(true)
})

test('TokenBucket.acquire frees the place of an aborted waiter at once, charges it nothing and passes the reason on', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  const controller = new AbortController()
  const { entries, note } = journal()
  bucket.tryAcquire(10)
  const aborted = bucket.acquire(10, { signal: controller.signal })
  note('behind', bucket.acquire(3))
  await clock.advance(400)
  const reason = { why: 'gone' }
  controller.abort(reason)
  await expect(aborted).rejects.toBe(reason)
  expect(entries).toEqual(['behind true'])
  expect(bucket.peek().remaining).toBe(1)
})

test('TokenBucket.acquire moves those behind an aborted waiter in the middle forward', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  const controller = new AbortController()
  const { entries, note } = journal()
  bucket.tryAcquire(10)
  note('first', bucket.acquire(1))
  note('second', bucket.acquire(9, { signal: controller.signal }))
  note('third', bucket.acquire(1))
  expect(bucket.check(1).retryAfterMs).toBe(1200)
  controller.abort('x')
  await settled()
  expect(bucket.check(1).retryAfterMs).toBe(300)
  await clock.advance(200)
  expect(entries).toEqual(['second x', 'first true', 'third true'])
})

test('TokenBucket.acquire never starts for a signal that is aborted already', async () => {
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock: new ManualClock() })
  await expect(bucket.acquire(1, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  expect(bucket.peek().remaining).toBe(10)
})

test('TokenBucket.acquire tells at once what cannot be had in time, those ahead counted', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  bucket.tryAcquire(10)
  const waiting = bucket.acquire(5, { timeoutMs: 500 })
  expect(await bucket.acquire(1, { timeoutMs: 599.999 })).toBe(false)
  const fits = bucket.acquire(1, { timeoutMs: 600 })
  expect(await bucket.acquire(1, { timeoutMs: 0 })).toBe(false)
  await clock.advance(600)
  expect(await Promise.all([waiting, fits])).toEqual([true, true])
})

test.each([
  [11, RangeError],
  [0.5, RangeError],
  [Number.NaN, RangeError],
  [-1, RangeError],
  ['1' as unknown as number, TypeError],
])('TokenBucket refuses %j tokens and charges nothing', async (tokens, type) => {
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock: new ManualClock() })
  expect(() => bucket.tryAcquire(tokens)).toThrow(type)
  expect(() => bucket.check(tokens)).toThrow(type)
  expect(() => bucket.refund(tokens)).toThrow(type)
  await expect(bucket.acquire(tokens)).rejects.toThrow(type)
  expect(bucket.peek().remaining).toBe(10)
})

test('TokenBucket gives 0 tokens for free, even when it is empty and awaited', async () => {
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock: new ManualClock() })
  bucket.tryAcquire(10)
  const waiting = bucket.acquire(1)
  expect(bucket.tryAcquire(0)).toBe(true)
  expect(await bucket.acquire(0)).toBe(true)
  bucket.close()
  expect(await waiting).toBe(false)
})

test('TokenBucket holds one timer for any number of waiters and one listener a signal, and none afterwards', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1000, capacity: 1, clock })
  const { signal } = new AbortController()
  bucket.tryAcquire()
  const waiting = Array.from({ length: 100 }, () => bucket.acquire(1, { signal }))
  expect(clock.timers.size).toBe(1)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await clock.advance(100)
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => true))
  expect(clock.timers.size).toBe(0)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

async function millisecondsToAbort(): Promise<number> {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1, capacity: 1, clock })
  const controller = new AbortController()
  bucket.tryAcquire()
  const waiting = Array.from({ length: 10_000 }, () => bucket.acquire(1, { signal: controller.signal }))
  const results = Promise.allSettled(waiting)
  await settled()
  const start = performance.now()
  controller.abort('over')
  const took = performance.now() - start
  expect((await results).every((result) => result.status === 'rejected' && result.reason === 'over')).toBe(true)
  expect(clock.timers.size).toBe(0)
  return took
}

test('TokenBucket rejects 10,000 waiters on one signal in less than 50 ms', async () => {
  // The fastest of a few: a neighbour on a busy machine is not what is measured.
  const times = [await millisecondsToAbort(), await millisecondsToAbort(), await millisecondsToAbort()]
  expect(Math.min(...times)).toBeLessThan(50)
})

test('TokenBucket.acquire answers false at once when maxQueue wait already', async () => {
  const bucket = new TokenBucket({ rate: 1, capacity: 1, maxQueue: 1, clock: new ManualClock() })
  bucket.tryAcquire()
  const waiting = bucket.acquire()
  expect(await bucket.acquire()).toBe(false)
  bucket.close()
  expect(await waiting).toBe(false)
})

test('TokenBucket.close sends waiters away with false, leaves no timer, and lets nobody wait', async () => {
  const clock = new ManualClock()
  const { entries, note } = journal()
  {
    using bucket = new TokenBucket({ rate: 10, capacity: 1, clock })
    bucket.tryAcquire()
    note('a', bucket.acquire())
    note('b', bucket.acquire())
    bucket.close()
    expect(clock.timers.size).toBe(0)
    note('c', bucket.acquire())
  }
  await settled()
  expect(entries.toSorted()).toEqual(['a false', 'b false', 'c false'])
})

test('TokenBucket.refund puts tokens back, up to the capacity, and serves those who wait', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1, capacity: 10, clock })
  bucket.tryAcquire(10)
  const waiting = bucket.acquire(4)
  bucket.refund(6)
  expect(await waiting).toBe(true)
  expect(bucket.peek().remaining).toBe(2)
  bucket.refund(10)
  expect(bucket.peek()).toEqual({ remaining: 10, resetAfterMs: 0 })
})

test('TokenBucket.setLimit keeps the tokens, clamped to the new capacity', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 20, clock })
  bucket.tryAcquire(15)
  await clock.advance(50)
  bucket.setLimit({ rate: 1, capacity: 100 })
  expect(bucket.peek()).toEqual({ remaining: 5, resetAfterMs: 94_500 })
  await clock.advance(500)
  expect(bucket.peek().remaining).toBe(6)
  bucket.setLimit({ rate: 1, capacity: 3 })
  expect(bucket.peek()).toEqual({ remaining: 3, resetAfterMs: 0 })
})

test('TokenBucket.setLimit judges waiters anew: too late is false, too large is a RangeError', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  const { entries, note } = journal()
  bucket.tryAcquire(10)
  note('large', bucket.acquire(8))
  note('hasty', bucket.acquire(2, { timeoutMs: 1000 }))
  note('patient', bucket.acquire(2))
  bucket.setLimit({ rate: 1, capacity: 5 })
  await settled()
  expect(entries).toEqual(['large RangeError: tokens must be <= 5, the capacity, received 8', 'hasty false'])
  await clock.advance(1999)
  expect(entries).toHaveLength(2)
  await clock.advance(1)
  expect(entries[2]).toBe('patient true')
})

test('TokenBucket serves everybody whose time has come when a timer is late, and loses no tokens by it', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10_000, capacity: 1, clock })
  const { entries, note } = journal()
  bucket.tryAcquire()
  for (let index = 0; index < 10; index += 1) note(`${index}`, bucket.acquire())
  clock.jump(1)
  await clock.advance(0)
  expect(entries).toEqual(Array.from({ length: 10 }, (_, index) => `${index} true`))
})

test('TokenBucket mints nothing when the clock goes back', () => {
  const clock = new ManualClock(1_000_000)
  const bucket = new TokenBucket({ rate: 10, capacity: 10, clock })
  bucket.tryAcquire(10)
  clock.jump(-500_000)
  expect(bucket.tryAcquire()).toBe(false)
  clock.jump(500_000)
  expect(bucket.tryAcquire()).toBe(false)
  clock.jump(100)
  expect(bucket.tryAcquire()).toBe(true)
  expect(bucket.tryAcquire()).toBe(false)
})

test('TokenBucket.acquire waits for longer than one timer can hold, and not shorter', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1 / (40 * 86_400), capacity: 1, clock })
  const { entries, note } = journal()
  bucket.tryAcquire()
  note('a', bucket.acquire())
  expect([...clock.timers].every(({ at }) => at <= 2 ** 31 - 1)).toBe(true)
  await clock.advance(40 * 86_400_000 - 1)
  expect(entries).toEqual([])
  await clock.advance(1)
  expect(entries).toEqual(['a true'])
})

test.each([
  [{ rate: 0, capacity: 1 }, 'rate must be a finite number > 0, received 0'],
  [{ rate: Number.NaN, capacity: 1 }, 'rate must be a finite number > 0, received NaN'],
  [{ rate: 1, capacity: 0 }, 'capacity must be an integer >= 1, received 0'],
  [{ rate: 1, capacity: 1.5 }, 'capacity must be an integer >= 1, received 1.5'],
  [{ rate: 1, capacity: 1, maxQueue: -1 }, 'maxQueue must be an integer >= 0, received -1'],
  [{ rate: 1e-300, capacity: 1 }, 'the time to fill from empty must be <= 71 years'],
])('TokenBucket refuses %o', (options, message) => {
  expect(() => new TokenBucket(options)).toThrow(RangeError)
  expect(() => new TokenBucket(options)).toThrow(message)
})

test('TokenBucket refuses an option of the wrong type with a TypeError', () => {
  expect(() => new TokenBucket({ rate: '10' as unknown as number, capacity: 1 })).toThrow(
    new TypeError('rate must be a finite number > 0, received "10"'),
  )
})
