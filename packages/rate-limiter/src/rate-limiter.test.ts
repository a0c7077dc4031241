/* oxlint-disable no-await-in-loop -- the steps of a test happen one after another */
import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { journal } from '../test/journal.ts'
import { ManualClock, settled } from '../test/manual-clock.ts'
import type { Limit } from './limit.ts'
import { isRateLimitedError } from './rate-limited-error.ts'
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts'

const day = 86_400_000

function limiterOf(options: Omit<RateLimiterOptions, 'clock'>): { clock: ManualClock; limiter: RateLimiter } {
  const clock = new ManualClock()
  return { clock, limiter: new RateLimiter({ ...options, clock }) }
}

test('RateLimiter gives each key its own tokens', () => {
  const { limiter } = limiterOf({ limits: { rate: 1, capacity: 1 } })
  expect(limiter.tryAcquire('a')).toBe(true)
  expect(limiter.tryAcquire('a')).toBe(false)
  expect(limiter.tryAcquire('b')).toBe(true)
})

test('RateLimiter charges all limits or none: denials do not burn the daily quota', async () => {
  const { clock, limiter } = limiterOf({
    limits: [
      { name: 'second', rate: 1, capacity: 2 },
      { name: 'day', quota: 3, windowMs: day, type: 'fixed' },
    ],
  })
  for (let index = 0; index < 100; index += 1) limiter.tryAcquire('a')
  expect(await limiter.check('a')).toEqual({
    allowed: false,
    limit: 2,
    remaining: 0,
    retryAfterMs: 1000,
    resetAfterMs: 2000,
    limitName: 'second',
  })
  await clock.advance(1000)
  expect(await limiter.check('a')).toMatchObject({ allowed: true, remaining: 0 })
  expect(await limiter.check('a')).toMatchObject({ allowed: false, limitName: 'day', retryAfterMs: day - 1000 })
})

test('RateLimiter.check grants after retryAfterMs exactly, and not one microsecond earlier, for several limits', async () => {
  const { clock, limiter } = limiterOf({
    limits: [
      { rate: 1000 / 3, capacity: 3 },
      { quota: 7, windowMs: 1000 },
      { quota: 9, windowMs: 777, type: 'fixed' },
    ],
  })
  for (let index = 0; index < 200; index += 1) {
    const { allowed, retryAfterMs } = await limiter.check('a', (index % 3) + 1)
    if (allowed) continue
    clock.jump(retryAfterMs - 0.001)
    expect(limiter.tryAcquire('a', (index % 3) + 1)).toBe(false)
    clock.jump(0.001)
    expect(limiter.tryAcquire('a', (index % 3) + 1)).toBe(true)
  }
})

test('RateLimiter counts a fixed window from the first use and a sliding one evenly', async () => {
  const { clock, limiter } = limiterOf({
    limits: { quota: 4, windowMs: 1000, type: 'fixed' },
    limitsFor: (key) => (key === 'sliding' ? { quota: 4, windowMs: 1000 } : undefined),
  })
  await clock.advance(300)
  for (const key of ['fixed', 'sliding']) expect(limiter.tryAcquire(key, 4)).toBe(true)
  await clock.advance(250)
  expect(limiter.tryAcquire('fixed')).toBe(false)
  expect(limiter.tryAcquire('sliding')).toBe(true)
  await clock.advance(749.999)
  expect(limiter.tryAcquire('fixed')).toBe(false)
  await clock.advance(0.001)
  expect(limiter.tryAcquire('fixed', 4)).toBe(true)
})

test.each([30, 365])('RateLimiter keeps windows of %d days, sliding and fixed', async (days) => {
  for (const type of ['sliding', 'fixed'] as const) {
    const { clock, limiter } = limiterOf({ limits: { quota: 1_000_000, windowMs: days * day, type } })
    expect(limiter.tryAcquire('a', 1_000_000)).toBe(true)
    const { allowed, retryAfterMs } = await limiter.check('a', 1_000_000)
    expect({ allowed, retryAfterMs }).toEqual({ allowed: false, retryAfterMs: days * day })
    clock.jump(days * day - 0.001)
    expect(limiter.tryAcquire('a', 1_000_000)).toBe(false)
    clock.jump(0.001)
    expect(limiter.tryAcquire('a', 1_000_000)).toBe(true)
  }
})

test('RateLimiter asks limitsFor when a key is first seen, and again after reset', async () => {
  const limitsFor = vi.fn<(key: string) => Limit | undefined>((key) =>
    key === 'gold' ? { rate: 1, capacity: 3 } : undefined,
  )
  const { limiter } = limiterOf({ limits: { rate: 1, capacity: 1 }, limitsFor })
  expect(limiter.tryAcquire('gold', 3)).toBe(true)
  expect(limiter.tryAcquire('gold')).toBe(false)
  expect(() => limiter.tryAcquire('other', 3)).toThrow(
    'tokens must be an integer from 0 to 1, the capacity, received 3',
  )
  expect(limitsFor.mock.calls).toEqual([['gold'], ['other']])
  await limiter.reset('gold')
  expect(limiter.tryAcquire('gold', 3)).toBe(true)
  expect(limitsFor).toHaveBeenCalledTimes(3)
})

test('RateLimiter.peek tells the tightest limit, rounds down and takes nothing', async () => {
  const { clock, limiter } = limiterOf({
    limits: [
      { name: 'burst', rate: 10, capacity: 5 },
      { name: 'day', quota: 100, windowMs: day },
    ],
  })
  expect(await limiter.peek('a')).toMatchObject({ allowed: true, limit: 5, remaining: 5, limitName: 'burst' })
  limiter.tryAcquire('a', 5)
  await clock.advance(99)
  const empty = { allowed: false, remaining: 0, retryAfterMs: 1, limitName: 'burst' }
  expect(await limiter.peek('a')).toMatchObject(empty)
  expect(await limiter.peek('a')).toMatchObject(empty)
})

test('RateLimiter.refund restores all limits', async () => {
  const { limiter } = limiterOf({
    limits: [
      { rate: 1, capacity: 3 },
      { quota: 3, windowMs: 1000, type: 'fixed' },
      { quota: 3, windowMs: day },
    ],
  })
  limiter.tryAcquire('a', 3)
  expect(limiter.tryAcquire('a', 2)).toBe(false)
  await limiter.refund('a', 2)
  expect(limiter.tryAcquire('a', 2)).toBe(true)
  expect(limiter.tryAcquire('a')).toBe(false)
})

test('RateLimiter.penalize goes into debt, of which remaining shows 0', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 1, capacity: 5 } })
  await limiter.penalize('a', 7)
  expect(await limiter.peek('a')).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 3000 })
  await clock.advance(2999)
  expect(limiter.tryAcquire('a')).toBe(false)
  await clock.advance(1)
  expect(limiter.tryAcquire('a')).toBe(true)
  await expect(limiter.penalize('a', Number.MAX_SAFE_INTEGER)).rejects.toThrow(RangeError)
  await expect(limiter.penalize('a', 0.5)).rejects.toThrow(RangeError)
})

test('RateLimiter.block denies everything for its time; a shorter block does not lift a longer one', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 5 } })
  await limiter.block('a', 1000)
  await limiter.block('a', 10)
  expect(await limiter.check('a')).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1000 })
  await clock.advance(1000)
  expect(await limiter.check('a', 5)).toMatchObject({ allowed: true })
  await expect(limiter.block('a', Infinity)).rejects.toThrow(RangeError)
})

test('RateLimiter.reset forgets charges, penalties and blocks, and serves those who wait', async () => {
  const { limiter } = limiterOf({ limits: { rate: 1, capacity: 2 } })
  limiter.tryAcquire('a', 2)
  await limiter.penalize('a', 10)
  await limiter.block('a', 1e6)
  const waiting = limiter.acquire('a')
  await limiter.reset('a')
  expect(await waiting).toBe(true)
  expect(await limiter.peek('a')).toMatchObject({ allowed: true, remaining: 1 })
})

test('RateLimiter.block and penalize judge waiters anew', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 1 } })
  const { entries, note } = journal()
  limiter.tryAcquire('a')
  note('hasty', limiter.acquire('a', 1, { timeoutMs: 150 }))
  note('patient', limiter.acquire('a', 1))
  await limiter.penalize('a', 1)
  await settled()
  expect(entries).toEqual(['hasty false'])
  await limiter.block('a', 400)
  await clock.advance(399)
  expect(entries).toHaveLength(1)
  await clock.advance(1)
  expect(entries[1]).toBe('patient true')
})

test('RateLimiter.acquire serves each key in order with one timer for all keys and none afterwards', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 1 } })
  const { signal } = new AbortController()
  const { entries, note } = journal()
  for (const key of ['a', 'b', 'c']) {
    limiter.tryAcquire(key)
    await clock.advance(10)
  }
  for (const key of ['c', 'a', 'b']) {
    note(`${key}1`, limiter.acquire(key, 1, { signal }))
    note(`${key}2`, limiter.acquire(key, 1, { signal }))
  }
  expect(limiter.tryAcquire('a')).toBe(false)
  expect(clock.timers.size).toBe(1)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await clock.advance(300)
  expect(entries).toEqual(['a1 true', 'b1 true', 'c1 true', 'a2 true', 'b2 true', 'c2 true'])
  expect(clock.timers.size).toBe(0)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('RateLimiter.acquire is told at once what cannot be had in time, through all limits and those ahead', async () => {
  const { clock, limiter } = limiterOf({
    limits: [
      { rate: 10, capacity: 2 },
      { quota: 4, windowMs: 1000, type: 'fixed' },
    ],
  })
  limiter.tryAcquire('a', 2)
  const { entries, note } = journal()
  note('1', limiter.acquire('a', 2))
  note('2', limiter.acquire('a', 2, { timeoutMs: 1000 }))
  expect(await limiter.acquire('a', 1, { timeoutMs: 1099 })).toBe(false)
  note('3', limiter.acquire('a', 1, { timeoutMs: 1100 }))
  await clock.advance(200)
  expect(entries).toEqual(['1 true'])
  await clock.advance(800)
  expect(entries).toEqual(['1 true', '2 true'])
  await clock.advance(100)
  expect(entries).toEqual(['1 true', '2 true', '3 true'])
})

test('RateLimiter.check waits when it is given time', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 1 } })
  limiter.tryAcquire('a')
  const decided = limiter.check('a', 1, { timeoutMs: 100 })
  expect(await limiter.check('a', 1, { timeoutMs: 199 })).toMatchObject({ allowed: false, retryAfterMs: 200 })
  await clock.advance(100)
  expect(await decided).toEqual({ allowed: true, limit: 1, remaining: 0, retryAfterMs: 0, resetAfterMs: 100 })
})

test('RateLimiter.acquire frees the place of an aborted waiter and passes the reason on', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 10 } })
  const controller = new AbortController()
  limiter.tryAcquire('a', 10)
  const aborted = limiter.acquire('a', 10, { signal: controller.signal })
  const behind = limiter.acquire('a', 1)
  await clock.advance(100)
  const reason = new Error('gone')
  controller.abort(reason)
  await expect(aborted).rejects.toBe(reason)
  expect(await behind).toBe(true)
})

test('RateLimiter.close and a full queue send waiters away with false', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 1, capacity: 1 }, maxQueue: 2 })
  for (const key of ['a', 'b', 'c']) limiter.tryAcquire(key)
  const waiting = [limiter.acquire('a'), limiter.acquire('b')]
  expect(await limiter.acquire('c')).toBe(false)
  limiter.close()
  expect(await Promise.all(waiting)).toEqual([false, false])
  expect(clock.timers.size).toBe(0)
  expect(await limiter.acquire('c')).toBe(false)
})

test.each(['__proto__', 'constructor', '', 'x'.repeat(1_000_000)])(
  'RateLimiter takes %.12s for an ordinary key',
  async (key) => {
    const { clock, limiter } = limiterOf({ limits: { rate: 1, capacity: 1 } })
    expect(limiter.tryAcquire(key)).toBe(true)
    expect(limiter.tryAcquire(key)).toBe(false)
    const waiting = limiter.acquire(key)
    await clock.advance(1000)
    expect(await waiting).toBe(true)
  },
)

test('RateLimiter forgets a full key first, then the one nearest to full, and an exhausted one last', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 1, capacity: 10 }, maxKeys: 3 })
  limiter.tryAcquire('exhausted', 10)
  limiter.tryAcquire('full', 1)
  await clock.advance(1000)
  limiter.tryAcquire('half', 5)
  limiter.tryAcquire('new', 3)
  expect((await limiter.peek('half')).remaining).toBe(5)
  expect((await limiter.peek('new')).remaining).toBe(7)
  limiter.tryAcquire('exhausted', 1)
  limiter.tryAcquire('newer', 6)
  expect((await limiter.peek('new')).remaining).toBe(10)
  expect((await limiter.peek('half')).remaining).toBe(5)
  expect((await limiter.peek('exhausted')).remaining).toBe(0)
})

test('RateLimiter forgets the exhausted key nearest to recovery when all are exhausted', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 1, capacity: 1 }, maxKeys: 2 })
  await limiter.block('blocked', 10_000)
  limiter.tryAcquire('a')
  await clock.advance(100)
  limiter.tryAcquire('b')
  expect(await limiter.peek('a')).toMatchObject({ allowed: true })
  expect(await limiter.peek('b')).toMatchObject({ allowed: false })
  expect(await limiter.peek('blocked')).toMatchObject({ allowed: false, retryAfterMs: 9900 })
})

test('RateLimiter frees neither a blocked nor an exhausted nor an awaited key in a flood of 1,000,000 new ones', async () => {
  const { clock, limiter } = limiterOf({ limits: { quota: 5, windowMs: 3_600_000 }, maxKeys: 1000 })
  await limiter.block('blocked', 60_000)
  limiter.tryAcquire('exhausted', 5)
  limiter.tryAcquire('awaited', 5)
  const waiting = limiter.acquire('awaited')
  for (let index = 0; index < 1_000_000; index += 1) limiter.tryAcquire(`flood ${index}`)
  expect(limiter.tryAcquire('blocked')).toBe(false)
  expect(limiter.tryAcquire('exhausted')).toBe(false)
  expect(limiter.tryAcquire('awaited')).toBe(false)
  await clock.advance(720_000)
  expect(await waiting).toBe(true)
}, 60_000)

test('RateLimiter.execute denies at once with a RateLimitedError, and waits when it is given time', async () => {
  const { clock, limiter } = limiterOf({ limits: { name: 'burst', rate: 10, capacity: 1 } })
  expect(await limiter.execute(() => 42, { key: 'a' })).toBe(42)
  const fn = vi.fn<() => number>()
  const denied: unknown = await limiter.execute(fn, { key: 'a' }).catch((error: unknown) => error)
  expect(isRateLimitedError(denied)).toBe(true)
  expect(denied).toMatchObject({ retryAfterMs: 100, decision: { allowed: false, limitName: 'burst' } })
  await expect(limiter.execute(fn, { key: 'a', timeoutMs: 99 })).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(fn).not.toHaveBeenCalled()
  const waited = limiter.execute(async () => 'served', { key: 'a', timeoutMs: 100 })
  await clock.advance(100)
  expect(await waited).toBe('served')
})

test('RateLimiter.execute gives fn the signal of the caller, or one that never aborts, and never starts when it is aborted', async () => {
  const { limiter } = limiterOf({ limits: { rate: 10, capacity: 5 } })
  const controller = new AbortController()
  const seen = await limiter.execute(({ signal }) => signal, { key: 'a', signal: controller.signal })
  expect(seen).toBe(controller.signal)
  const { aborted } = await limiter.execute(({ signal }) => signal, { key: 'a' })
  expect(aborted).toBe(false)
  const fn = vi.fn<() => void>()
  const late = limiter.execute(fn, { key: 'a', signal: controller.signal })
  controller.abort('stop')
  await expect(late).rejects.toBe('stop')
  await expect(limiter.execute(fn, { key: 'a', signal: controller.signal })).rejects.toBe('stop')
  expect(fn).not.toHaveBeenCalled()
  expect((await limiter.peek('a')).remaining).toBe(3)
})

test('RateLimiter.policy binds the policy protocol to a key', async () => {
  const { limiter } = limiterOf({ limits: { rate: 10, capacity: 1 } })
  const policy = limiter.policy('a')
  expect([policy.kind, limiter.kind]).toEqual(['rate-limiter', 'rate-limiter'])
  expect(await policy.execute(() => 1)).toBe(1)
  await expect(policy.execute(() => 1)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(await limiter.execute(() => 2, { key: 'b' })).toBe(2)
  class Outer {
    get signal(): AbortSignal {
      return AbortSignal.abort('outer')
    }
  }
  await expect(policy.execute(() => 1, new Outer())).rejects.toBe('outer')
})

test('RateLimiter.on tells of every decision after the fact, until it is taken off', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 1 } })
  const seen: string[] = []
  const off = limiter.on('allowed', ({ key, decision }) => seen.push(`allowed ${key} ${decision.remaining}`))
  limiter.on('denied', ({ key, tokens, decision }) => seen.push(`denied ${key} ${tokens} ${decision.retryAfterMs}`))
  limiter.tryAcquire('a')
  limiter.tryAcquire('a')
  const waiting = limiter.acquire('a')
  await clock.advance(100)
  await waiting
  off()
  await limiter.check('b')
  expect(seen).toEqual(['allowed a 0', 'denied a 1 100', 'allowed a 0'])
})

test('RateLimiter reports what a listener throws, and decides all the same', () => {
  const onListenerError = vi.fn<(error: unknown) => void>()
  const { limiter } = limiterOf({ limits: { rate: 10, capacity: 1 }, onListenerError })
  limiter.on('allowed', () => {
    throw new Error('mine')
  })
  expect(limiter.tryAcquire('a')).toBe(true)
  expect(onListenerError).toHaveBeenCalledExactlyOnceWith(new Error('mine'))
})

test('RateLimiter under shadow lets everything pass, waits for nothing and still tells what it would deny', async () => {
  const { clock, limiter } = limiterOf({ limits: { rate: 10, capacity: 1 }, shadow: true })
  const denied = vi.fn<(event: { decision: { allowed: boolean } }) => void>()
  limiter.on('denied', denied)
  expect(limiter.tryAcquire('a')).toBe(true)
  expect(limiter.tryAcquire('a')).toBe(true)
  expect(await limiter.check('a')).toMatchObject({ allowed: true, remaining: 0, retryAfterMs: 100 })
  expect(await limiter.acquire('a')).toBe(true)
  expect(await limiter.execute(() => 1, { key: 'a' })).toBe(1)
  expect(denied).toHaveBeenCalledTimes(4)
  expect(denied.mock.calls[0]?.[0].decision.allowed).toBe(false)
  expect(clock.timers.size).toBe(0)
})

test('RateLimiter mints nothing when the clock goes back, not even for a key it had forgotten', () => {
  const clock = new ManualClock(1_000_000)
  const limiter = new RateLimiter({ limits: { quota: 1, windowMs: 1000, type: 'fixed' }, clock })
  limiter.tryAcquire('a')
  clock.jump(-500_000)
  expect(limiter.tryAcquire('a')).toBe(false)
  clock.jump(500_000)
  expect(limiter.tryAcquire('a')).toBe(false)
})

const limits = { rate: 1, capacity: 1 }
test.each<[unknown, string]>([
  [{ limits: [] }, 'limits must hold at least one limit, received none'],
  [{ limits: { rate: 1 } }, 'capacity must be an integer >= 1, received undefined'],
  [{ limits: { quota: 5 } }, 'windowMs must be a finite number > 0, received undefined'],
  [{ limits: { quota: 0.5, windowMs: 1 } }, 'quota must be an integer >= 1, received 0.5'],
  [{ limits: { quota: 5, windowMs: 1, type: 'slide' } }, `type must be 'sliding' or 'fixed', received "slide"`],
  [{ limits: { quota: 5, windowMs: 1, rate: 1, capacity: 1 } }, 'a limit must have either rate and capacity or quota'],
  [{ limits: { quota: 5, windowMs: 1e-4 } }, 'windowMs must be'],
  [{ limits: { quota: 5, windowMs: 1e15 } }, 'windowMs must be'],
  [{ limits, maxKeys: 0 }, 'maxKeys must be an integer >= 1, received 0'],
  [{ limits, maxQueue: 1.5 }, 'maxQueue must be an integer >= 0, received 1.5'],
])('RateLimiter refuses %o', (options, message) => {
  expect(() => new RateLimiter(options as RateLimiterOptions)).toThrow(message)
})

test.each([2, 0.5, Number.NaN, -1])('RateLimiter refuses %d tokens and charges nothing', async (tokens) => {
  const { limiter } = limiterOf({ limits })
  expect(() => limiter.tryAcquire('a', tokens)).toThrow(RangeError)
  await expect(limiter.check('a', tokens)).rejects.toThrow(RangeError)
  await expect(limiter.acquire('a', tokens)).rejects.toThrow(RangeError)
  await expect(limiter.refund('a', tokens)).rejects.toThrow(RangeError)
  expect((await limiter.peek('a')).remaining).toBe(1)
})

test('RateLimiter refuses a key that is no string with a TypeError', () => {
  const { limiter } = limiterOf({ limits })
  expect(() => limiter.tryAcquire(undefined as unknown as string)).toThrow(
    new TypeError('key must be a string, received undefined'),
  )
})
