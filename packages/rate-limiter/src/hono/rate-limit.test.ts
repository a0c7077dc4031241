import { Hono } from 'hono'
import { expect, test, vi } from 'vitest'
import { ManualClock, settled } from '../../test/manual-clock.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { rateLimit, type RateLimitOptions } from './rate-limit.ts'

function serve(options: Partial<RateLimitOptions> = {}): { clock: ManualClock; limiter: RateLimiter; app: Hono } {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ limits: { name: 'api "v1"', rate: 0.4, capacity: 2 }, clock })
  const app = new Hono()
  app.use(rateLimit({ limiter, key: (c) => c.req.query('user') ?? 'anonymous', ...options }))
  app.get('/', () => new Response('hello'))
  return { clock, limiter, app }
}

function seen(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => /limit|retry/.test(name)))
}

test('rateLimit tells the limit as the IETF draft does, and denies with a problem and a Retry-After that is kept', async () => {
  const { clock, app } = serve()
  const first = await app.request('/')
  expect([first.status, await first.text()]).toEqual([200, 'hello'])
  expect(seen(first)).toEqual({
    'ratelimit-policy': String.raw`"api \"v1\"";q=2`,
    ratelimit: String.raw`"api \"v1\"";r=1;t=3`,
  })
  await app.request('/')
  const denied = await app.request('/')
  expect(denied.status).toBe(429)
  expect(denied.headers.get('content-type')).toBe('application/problem+json')
  expect(await denied.json()).toEqual({
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: 'The rate limit is reached; try again in 3 s',
  })
  expect(seen(denied)).toEqual({
    'ratelimit-policy': String.raw`"api \"v1\"";q=2`,
    ratelimit: String.raw`"api \"v1\"";r=0;t=5`,
    'retry-after': '3',
  })
  await clock.advance(3000)
  expect((await app.request('/')).status).toBe(200)
})

test('rateLimit says at least one second in Retry-After', async () => {
  const { clock, app } = serve()
  await Promise.all([app.request('/'), app.request('/')])
  await clock.advance(2499)
  expect((await app.request('/')).headers.get('retry-after')).toBe('1')
})

test('rateLimit sends the legacy headers, or none', async () => {
  expect(seen(await serve({ headers: 'legacy' }).app.request('/'))).toEqual({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': '3',
  })
  expect(seen(await serve({ headers: false }).app.request('/'))).toEqual({})
})

test('rateLimit counts by key and cost, and skips what it is told to skip', async () => {
  const { app, limiter } = serve({
    cost: (c) => Number(c.req.query('cost')),
    skip: (c) => c.req.query('skip') === 'yes',
  })
  expect((await app.request('/?user=a&cost=2')).status).toBe(200)
  expect((await app.request('/?user=a&cost=1')).status).toBe(429)
  expect((await app.request('/?user=b&cost=1')).status).toBe(200)
  const skipped = await app.request('/?user=a&cost=1&skip=yes')
  expect([skipped.status, seen(skipped)]).toEqual([200, {}])
  expect((await limiter.peek('b')).remaining).toBe(1)
})

test('rateLimit lets a request wait up to waitMs', async () => {
  const { clock, app } = serve({ waitMs: 2500 })
  await Promise.all([app.request('/'), app.request('/')])
  const waiting = app.request('/')
  await settled()
  expect((await app.request('/')).status).toBe(429)
  await clock.advance(2500)
  expect((await waiting).status).toBe(200)
})

test('rateLimit frees the place of a client that goes away while it waits', async () => {
  const handler = vi.fn<() => Response>(() => new Response('late'))
  const { clock, app } = serve({ waitMs: 60_000 })
  app.get('/late', handler)
  await Promise.all([app.request('/'), app.request('/')])
  const controller = new AbortController()
  const gone = app.request('/late', { signal: controller.signal })
  await settled()
  const behind = app.request('/')
  await settled()
  controller.abort()
  expect((await gone).status).toBe(499)
  await clock.advance(2500)
  expect((await behind).status).toBe(200)
  expect(handler).not.toHaveBeenCalled()
})

test('rateLimit gives the denied request to onDenied, and adds the headers', async () => {
  const { app } = serve({ onDenied: (c, { retryAfterMs }) => c.text(`wait ${retryAfterMs}`, 503), cost: 2 })
  await app.request('/')
  const denied = await app.request('/')
  expect([denied.status, await denied.text()]).toEqual([503, 'wait 5000'])
  expect(denied.headers.get('retry-after')).toBe('5')
})

test('rateLimit refuses options that make no sense', () => {
  const { limiter } = serve()
  expect(() => rateLimit({ limiter, key: 'user' as unknown as () => string })).toThrow(TypeError)
  expect(() => rateLimit({ limiter, key: () => '', waitMs: -1 })).toThrow(RangeError)
  expect(() => rateLimit({ limiter, key: () => '', headers: 'none' as 'ietf' })).toThrow(TypeError)
})
