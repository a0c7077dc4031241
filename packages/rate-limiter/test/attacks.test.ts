/* oxlint-disable no-await-in-loop -- the steps of an attack happen one after another */
import { getEventListeners } from 'node:events'
import { isRateLimitedError, RateLimiter, TokenBucket, type Limit, type RateLimiterOptions } from '@aplomb/rate-limiter'
import { clientIp, rateLimit, type RateLimitOptions } from '@aplomb/rate-limiter/hono'
import { Hono } from 'hono'
import { expect, expectTypeOf, test, vi } from 'vitest'
import { journal } from './journal.ts'
import { ManualClock, settled } from './manual-clock.ts'

const second = { rate: 1, capacity: 1 }

test.each(['its own', 'a derived'])(
  'TokenBucket.refund by another listener of an abort serves the next one, not the waiter on %s aborted signal',
  async (which) => {
    const bucket = new TokenBucket({ rate: 0.001, capacity: 1, clock: new ManualClock() })
    const controller = new AbortController()
    const { entries, note } = journal()
    bucket.tryAcquire()
    controller.signal.addEventListener('abort', () => bucket.refund())
    const signal = which === 'its own' ? controller.signal : AbortSignal.any([controller.signal])
    note('left', bucket.acquire(1, { signal }))
    note('next', bucket.acquire())
    controller.abort('gone')
    await settled()
    expect(entries.toSorted()).toEqual(['left gone', 'next true'])
    bucket.close()
  },
)

test('TokenBucket serves nobody whose signal aborted before a late timer, and those behind as of the time it had come', async () => {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 10, capacity: 1, clock })
  const controller = new AbortController()
  const { entries, note } = journal()
  bucket.tryAcquire()
  note('first', bucket.acquire(1, { signal: controller.signal }))
  note('second', bucket.acquire())
  note('third', bucket.acquire())
  clock.jump(250)
  controller.abort('gone')
  await settled()
  expect(entries).toEqual(['first gone', 'second true', 'third true'])
})

test('RateLimiter.acquire is told false at the abort that moves it past its deadline, and served in time otherwise', async () => {
  for (const leaves of [false, true]) {
    const clock = new ManualClock()
    const limits: Limit[] = [
      { quota: 4, windowMs: 10_000, type: 'fixed' },
      { rate: 0.5, capacity: 4 },
    ]
    const limiter = new RateLimiter({ clock, limits })
    limiter.tryAcquire('k', 1)
    await clock.advance(9999)
    limiter.tryAcquire('k', 3)
    const controller = new AbortController()
    const { entries, note } = journal()
    note('ahead', limiter.acquire('k', 1, { signal: controller.signal }))
    note('between', limiter.acquire('k', 3))
    note('promised', limiter.acquire('k', 3, { timeoutMs: 12_500 }))
    if (leaves) controller.abort('gone')
    await settled()
    expect(entries).toEqual(leaves ? ['ahead gone', 'promised false'] : [])
    await clock.advance(12_500)
    if (!leaves) expect(entries).toEqual(['ahead true', 'between true', 'promised true'])
    limiter.close()
  }
})

test('RateLimiter frees neither a blocked key nor a debtor in a flood of exhausted new ones', async () => {
  const limiter = new RateLimiter({ limits: { rate: 1 / 60, capacity: 1 }, maxKeys: 100, clock: new ManualClock() })
  await limiter.block('blocked', 30_000)
  await limiter.penalize('debtor', 2)
  for (let index = 0; index < 1000; index += 1) limiter.tryAcquire(`flood ${index}`)
  expect((await limiter.peek('blocked')).retryAfterMs).toBe(30_000)
  expect((await limiter.peek('debtor')).retryAfterMs).toBe(120_000)
})

test('RateLimiter returns to maxKeys when those who waited have left', async () => {
  const asked: string[] = []
  const limiter = new RateLimiter({
    limits: { rate: 0.001, capacity: 1 },
    maxKeys: 10,
    clock: new ManualClock(),
    limitsFor: (key) => {
      asked.push(key)
      return undefined
    },
  })
  for (let index = 0; index < 500; index += 1) {
    limiter.tryAcquire(`${index}`)
    void limiter.acquire(`${index}`)
  }
  limiter.close()
  limiter.tryAcquire('one more')
  asked.length = 0
  for (let index = 0; index < 500; index += 1) await limiter.peek(`${index}`)
  expect(500 - asked.length).toBeLessThan(10)
})

test('RateLimiter.on gives listeners nothing by which to change a decision', async () => {
  const onListenerError = vi.fn<(error: unknown) => void>()
  const limiter = new RateLimiter({ limits: second, clock: new ManualClock(), onListenerError })
  limiter.on('denied', ({ decision }) => {
    Object.assign(decision, { allowed: true })
  })
  limiter.tryAcquire('k')
  expect((await limiter.check('k')).allowed).toBe(false)
  await expect(limiter.execute(() => 'ran', { key: 'k' })).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(onListenerError).toHaveBeenCalledTimes(2)
})

test('RateLimiter reports the rejection of an asynchronous listener', async () => {
  const onListenerError = vi.fn<(error: unknown) => void>()
  const limiter = new RateLimiter({ limits: second, clock: new ManualClock(), onListenerError })
  limiter.on('allowed', async () => {
    throw new Error('metrics down')
  })
  expect(limiter.tryAcquire('k')).toBe(true)
  await settled()
  expect(onListenerError).toHaveBeenCalledExactlyOnceWith(new Error('metrics down'))
})

test('RateLimiter keeps what limitsFor itself does to the key: a block, a charge', async () => {
  const todo = new Map([
    ['blocked', () => void limiter.block('blocked', 60_000)],
    ['charged', () => void limiter.tryAcquire('charged', 5)],
  ])
  const limiter: RateLimiter = new RateLimiter({
    limits: { rate: 1, capacity: 5 },
    clock: new ManualClock(),
    limitsFor: (key) => {
      const first = todo.get(key)
      todo.delete(key)
      first?.()
      return undefined
    },
  })
  expect(limiter.tryAcquire('blocked')).toBe(false)
  expect(limiter.tryAcquire('charged')).toBe(false)
})

test('RateLimiter passes on the abort of a signal by limitsFor, and charges nothing', async () => {
  const controller = new AbortController()
  const limiter = new RateLimiter({
    limits: second,
    clock: new ManualClock(),
    limitsFor: () => {
      controller.abort('gone')
      return undefined
    },
  })
  await expect(limiter.acquire('k', 1, { signal: controller.signal })).rejects.toBe('gone')
  expect((await limiter.peek('k')).remaining).toBe(1)
})

test('RateLimiter under shadow peeks as it decides, refuses what is no request, and execute refunds only what it took', async () => {
  const limiter = new RateLimiter({ limits: { rate: 0.001, capacity: 5 }, shadow: true, clock: new ManualClock() })
  limiter.tryAcquire('k', 5)
  expect(await limiter.peek('k')).toMatchObject({ allowed: true, remaining: 0, retryAfterMs: 1e6 })
  for (let index = 0; index < 3; index += 1) {
    const controller = new AbortController()
    const call = limiter.execute(() => 1, { key: 'k', signal: controller.signal })
    controller.abort('gone')
    await expect(call).rejects.toBe('gone')
  }
  expect((await limiter.peek('k')).remaining).toBe(0)
  await expect(limiter.check('k', 6)).rejects.toThrow(RangeError)
})

test.each<[object, string]>([
  [{ limits: { rate: 10, capacity: 10, windowMs: 1, type: 'fixed' } }, 'a limit must have either rate and capacity or'],
  [{ limits: { quota: 10, windowMs: 1, capacity: 2 } }, 'a limit must have either rate and capacity or quota'],
  [{ limits: { ...second, name: 5 } }, 'name must be a string, received 5'],
  [{ limits: { quota: 1, windowMs: 0.0001 } }, 'windowMs must be from 0.001 ms to 71 years, received 0.0001'],
  [{ limits: second, limitsFor: 5 }, 'limitsFor must be a function, received 5'],
  [{ limits: second, shadow: 'false' }, 'shadow must be a boolean, received "false"'],
  [{ limits: second, onListenerError: 5 }, 'onListenerError must be a function, received 5'],
  [{ limits: second, clock: {} }, 'clock.now must be a function, received undefined'],
  [{ limits: second, maxQueue: null }, 'maxQueue must be an integer >= 0, received null'],
])('RateLimiter refuses %j when it is made', (options, message) => {
  expect(() => new RateLimiter(options as RateLimiterOptions)).toThrow(message)
})

test('Limit does not compile with fields of both kinds', () => {
  expectTypeOf<{ rate: number; capacity: number }>().toExtend<Limit>()
  expectTypeOf<{ rate: number; capacity: number; windowMs: number }>().not.toExtend<Limit>()
  expectTypeOf<{ quota: number; windowMs: number; capacity: number }>().not.toExtend<Limit>()
})

test('TokenBucket refuses a clock without timers when it is made', () => {
  const half = { now: () => 0 } as unknown as ManualClock
  expect(() => new TokenBucket({ ...second, clock: half })).toThrow(
    new TypeError('clock.setTimeout must be a function, received undefined'),
  )
})

test('RateLimiter.on refuses a listener that is no function', () => {
  const limiter = new RateLimiter({ limits: second })
  expect(() => limiter.on('allowed', 5 as unknown as () => void)).toThrow(
    new TypeError('listener must be a function, received 5'),
  )
})

test.each<[object, string]>([
  [{ limiter: undefined }, 'limiter must be a RateLimiter, received undefined'],
  [{ cost: -1 }, 'cost must be an integer >= 0, received -1'],
  [{ cost: '1' }, 'cost must be an integer >= 0, received "1"'],
  [{ skip: 1 }, 'skip must be a function, received 1'],
  [{ onDenied: 2 }, 'onDenied must be a function, received 2'],
])('rateLimit refuses %j when it is made', (options, message) => {
  const all = { limiter: new RateLimiter({ limits: second }), key: () => 'k', ...options } as RateLimitOptions
  expect(() => rateLimit(all)).toThrow(message)
})

test('clientIp refuses a getConnInfo that is no function', () => {
  expect(() => clientIp({ getConnInfo: 1 as unknown as () => { remote: object } })).toThrow(
    new TypeError('getConnInfo must be a function, received 1'),
  )
})

test('RateLimiter.penalize carries the debt of a fixed quota into the windows that follow, and 0 tokens start no window', async () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ clock, limits: { quota: 10, windowMs: 1000, type: 'fixed' } })
  await limiter.penalize('k', 35)
  expect(await limiter.peek('k')).toMatchObject({ remaining: 0, retryAfterMs: 3000, resetAfterMs: 4000 })
  await clock.advance(2999)
  expect(limiter.tryAcquire('k')).toBe(false)
  await clock.advance(1)
  expect((await limiter.peek('k')).remaining).toBe(5)
  expect(limiter.tryAcquire('k', 6)).toBe(false)
  expect(limiter.tryAcquire('k', 5)).toBe(true)
  await clock.advance(999)
  expect(limiter.tryAcquire('k')).toBe(false)
  await clock.advance(1)
  expect(limiter.tryAcquire('k', 10)).toBe(true)
  await limiter.penalize('other', 0)
  expect(await limiter.peek('other')).toMatchObject({ remaining: 10, resetAfterMs: 0 })
})

test('RateLimiter.reset asks limitsFor again for a key that is waited for', async () => {
  let plan = second
  const limiter = new RateLimiter({ limits: second, clock: new ManualClock(), limitsFor: () => plan })
  limiter.tryAcquire('k')
  const waiting = limiter.acquire('k')
  plan = { rate: 1000, capacity: 1000 }
  await limiter.reset('k')
  expect(await waiting).toBe(true)
  expect(await limiter.peek('k')).toMatchObject({ limit: 1000, remaining: 999 })
})

test('TokenBucket refuses more than a token a microsecond, of which its clock could not keep the burst', () => {
  expect(() => new TokenBucket({ rate: 1_000_001, capacity: 3 })).toThrow(
    new RangeError('rate must be <= 1000000, a token each microsecond, the grain of time, received 1000001'),
  )
  expect(() => new RateLimiter({ limits: { quota: 2001, windowMs: 2 } })).toThrow(RangeError)
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1_000_000, capacity: 3, clock })
  bucket.tryAcquire(3)
  clock.jump(0.004)
  expect(bucket.peek().remaining).toBe(3)
  expect([bucket.tryAcquire(3), bucket.tryAcquire()]).toEqual([true, false])
})

test('isRateLimitedError goes by the whole shape and never throws', () => {
  const decision = { allowed: false, limit: 1, remaining: 0, retryAfterMs: 5, resetAfterMs: 5 }
  const shape = { code: 'RATE_LIMITED', retryAfterMs: 5, decision }
  expect(isRateLimitedError(Object.assign(new Error('copy'), shape))).toBe(true)
  expect(isRateLimitedError(Object.assign(new Error('x'), { code: 'RATE_LIMITED' }))).toBe(false)
  expect(isRateLimitedError(Object.assign(new Error('x'), { ...shape, decision: null }))).toBe(false)
  const trap = Object.defineProperty(new Error('x'), 'code', {
    get: () => {
      throw new Error('boom')
    },
  })
  expect(isRateLimitedError(trap)).toBe(false)
  expect(isRateLimitedError(null)).toBe(false)
})

test('TokenBucket and RateLimiter put one listener on a signal, however many of them wait on it', async () => {
  const controller = new AbortController()
  const buckets = Array.from({ length: 20 }, () => new TokenBucket({ ...second, clock: new ManualClock() }))
  const { entries, note } = journal()
  for (const bucket of buckets) {
    bucket.tryAcquire()
    note('left', bucket.acquire(1, { signal: controller.signal }))
  }
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  for (const bucket of buckets.slice(1)) bucket.close()
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  controller.abort('gone')
  await settled()
  expect(entries.filter((entry) => entry === 'left false')).toHaveLength(19)
  expect(entries).toContain('left gone')
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})

test('rateLimit sends no number that is too large for an integer of RFC 9651', async () => {
  const limits: Limit = { quota: Number.MAX_SAFE_INTEGER, windowMs: 1000, type: 'fixed' }
  const app = new Hono()
  app.use(rateLimit({ limiter: new RateLimiter({ limits, clock: new ManualClock() }), key: () => 'k' }))
  const { headers } = await app.request('/')
  expect(headers.get('ratelimit-policy')).toBe('"default";q=999999999999999')
  expect(headers.get('ratelimit')).toBe('"default";r=999999999999999;t=1')
})

test('RateLimiter gives 0 tokens even to a key that is blocked', async () => {
  const limiter = new RateLimiter({ limits: second, clock: new ManualClock() })
  await limiter.block('k', 1000)
  expect([limiter.tryAcquire('k', 0), limiter.tryAcquire('k')]).toEqual([true, false])
})

test('TokenBucket grants after retryAfterMs on a clock that counts half microseconds', () => {
  let late = 0
  for (let index = 0; index < 1000; index += 1) {
    let now = index + 0.0005
    const halves = { now: () => now, setTimeout, clearTimeout }
    const bucket = new TokenBucket({ rate: 10, capacity: 1, clock: halves })
    bucket.tryAcquire()
    now += bucket.check().retryAfterMs
    if (!bucket.tryAcquire()) late += 1
  }
  expect(late).toBe(0)
})

async function millisecondsToServe(count: number): Promise<number> {
  const clock = new ManualClock()
  const bucket = new TokenBucket({ rate: 1000, capacity: 1, maxQueue: count, clock })
  bucket.tryAcquire()
  const waiting = Array.from({ length: count }, () => bucket.acquire())
  clock.jump(count)
  const start = performance.now()
  bucket.peek()
  const took = performance.now() - start
  expect((await Promise.all(waiting)).every(Boolean)).toBe(true)
  return took
}

test('TokenBucket serves 80,000 waiters of a late timer in less than 500 ms', async () => {
  const times = [await millisecondsToServe(80_000), await millisecondsToServe(80_000)]
  expect(Math.min(...times)).toBeLessThan(500)
})
