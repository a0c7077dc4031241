import { once } from 'node:events'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { describe, expect, test, vi } from 'vitest'
import { nodeServer } from '../test/node-server.ts'
import { createLogger } from './create-logger.ts'
import type { Logger } from './logger.ts'
import { requestLogger, type RequestLoggerEnv, type RequestLoggerOptions } from './request-logger.ts'
import { testSink, type TestSink } from './test-sink.ts'

function setUp(options: Partial<RequestLoggerOptions> = {}): {
  app: Hono<RequestLoggerEnv>
  logger: Logger
  sink: TestSink
} {
  const sink = testSink()
  const logger = createLogger({ service: 'demo', level: 'info', destination: sink.stream })
  const app = new Hono<RequestLoggerEnv>().use(requestLogger({ logger, ...options }))
  app.get('/users/:id', (c) => c.text('ann'))
  return { app, logger, sink }
}

test('requestLogger writes a line in and a line out, with the route and without the query', async () => {
  const { app, sink } = setUp()
  const response = await app.request('/users/1?token=hunter2', {
    headers: { authorization: 'Bearer hunter2', cookie: 'a=hunter2' },
  })
  expect(await response.text()).toBe('ann')
  const request_id = response.headers.get('x-request-id')
  expect(request_id).toMatch(/^[\da-f-]{36}$/)
  const request = { level: 30, request_id, 'http.request.method': 'GET', 'url.path': '/users/1' }
  expect(sink.lines()).toMatchObject([
    { ...request, msg: 'request received' },
    { ...request, 'http.route': '/users/:id', 'http.response.status_code': 200, duration_ms: expect.any(Number) },
  ])
  expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
})

test('requestLogger gives c.var.logger, and the field request_id to every line logged below it', async () => {
  const { app, logger, sink } = setUp()
  app.get('/work', async (c) => {
    await Promise.resolve()
    c.var.logger.info('its own')
    logger.child({ part: 'db' }).info('another')
    return c.body(null, 204)
  })
  await app.request('/work', { headers: { 'x-request-id': 'abc-1' } })
  logger.info('outside')
  expect(sink.lines().map(({ msg, request_id }) => [msg, request_id])).toEqual([
    ['request received', 'abc-1'],
    ['its own', 'abc-1'],
    ['another', 'abc-1'],
    ['GET /work 204', 'abc-1'],
    ['outside', undefined],
  ])
})

test.each(['a b', 'a'.repeat(129), '<script>', ''])('requestLogger replaces the incoming id %j', async (id) => {
  const { app, sink } = setUp()
  await app.request('/users/1', { headers: { 'x-request-id': id } })
  expect(sink.lines()[0]?.request_id).toMatch(/^[\da-f-]{36}$/)
})

test('requestLogger takes the id of its option', async () => {
  const { app, sink } = setUp({ requestId: (c) => `mine-${c.req.path}` })
  await app.request('/users/1')
  expect(sink.lines()[0]?.request_id).toBe('mine-/users/1')
})

test('requestLogger writes no lines for a skipped request, which has its logger all the same', async () => {
  const { app, sink } = setUp({ skip: (c) => c.req.path === '/health' })
  app.get('/health', (c) => {
    c.var.logger.info('probed')
    return c.text('ok')
  })
  await (await app.request('/health', { headers: { 'x-request-id': 'r1' } })).text()
  expect(sink.lines()).toMatchObject([{ msg: 'probed', request_id: 'r1' }])
})

test('requestLogger logs a HEAD request, a missing route and an error', async () => {
  const { app, sink } = setUp()
  app.get('/broken', () => {
    throw new TypeError('no')
  })
  app.onError((_, c) => c.text('sorry', 500))
  await app.request('/users/1', { method: 'HEAD' })
  await (await app.request('/missing')).text()
  await (await app.request('/broken')).text()
  const out = sink.lines().filter(({ msg }) => msg !== 'request received')
  expect(out).toMatchObject([
    { level: 30, 'http.request.method': 'HEAD', 'http.response.status_code': 200 },
    { level: 40, 'http.response.status_code': 404 },
    { level: 50, 'http.response.status_code': 500, 'error.type': 'TypeError', err: { message: 'no' } },
  ])
  expect(out[1]).not.toHaveProperty('http.route')
})

test('requestLogger logs what is thrown and is no Error, and passes it on', async () => {
  const { app, sink } = setUp()
  app.get('/broken', () => {
    // oxlint-disable-next-line no-throw-literal
    throw 'a string' as unknown
  })
  await expect(app.request('/broken')).rejects.toBe('a string')
  expect(sink.lines()[1]).toMatchObject({ level: 50, 'http.response.status_code': 500, err: 'a string' })
})

test('requestLogger ends when the body of a stream has been read, and warns of a slow one', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const { app, sink } = setUp({ slowMs: 1_000 })
  const gate = new AbortController()
  app.get('/stream', (c) =>
    stream(c, async (out) => {
      await out.write('one')
      if (!gate.signal.aborted) await once(gate.signal, 'abort')
      await out.write('two')
    }),
  )
  const response = await app.request('/stream')
  expect(sink.lines()).toHaveLength(1)
  now.mockReturnValue(1_500)
  gate.abort()
  expect(await response.text()).toBe('onetwo')
  now.mockRestore()
  expect(sink.lines()[1]).toMatchObject({ level: 40, duration_ms: 1_500, 'http.response.status_code': 200 })
})

test('requestLogger tells a client that has left from one that has read everything', async () => {
  const { app, sink } = setUp()
  app.get('/endless', (c) => c.body(new ReadableStream({ pull: (out) => out.enqueue(new Uint8Array(1)) })))
  const response = await app.request('/endless')
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(sink.lines()[1]).toMatchObject({ 'http.request.aborted': true, 'http.response.status_code': 200 })
})

test('requestLogger logs the error of a body that breaks', async () => {
  const { app, sink } = setUp()
  app.get('/broken', (c) =>
    c.body(
      new ReadableStream({
        pull() {
          throw new RangeError('no more')
        },
      }),
    ),
  )
  await expect((await app.request('/broken')).text()).rejects.toThrow('no more')
  expect(sink.lines()[1]).toMatchObject({ level: 50, 'error.type': 'RangeError', 'http.response.status_code': 200 })
})

test('requestLogger does not mix 1,000 interleaved requests', async () => {
  const { app, logger, sink } = setUp()
  const later = [setImmediate, queueMicrotask, setTimeout]
  app.get('/n/:n', async (c) => {
    const { n } = c.req.param()
    await new Promise<void>((resolve) => later[Number(n) % later.length]?.(resolve))
    logger.info('work', { n })
    return c.text(n)
  })
  const ids = Array.from({ length: 1_000 }, (_, n) => String(n))
  await Promise.all(
    ids.map(async (n) => (await app.request(`/n/${n}`, { headers: { 'x-request-id': `r${n}` } })).text()),
  )
  const lines = sink.lines()
  expect(lines).toHaveLength(3_000)
  for (const { msg, request_id, n, 'url.path': path } of lines) {
    expect(msg === 'work' ? `r${String(n)}` : String(path).replace('/n/', 'r')).toBe(request_id)
  }
})

function broken(): never {
  throw new Error('broken')
}

test('requestLogger answers the request when a hook throws or names it badly, and says so', async () => {
  const { app, sink } = setUp({ requestId: broken, skip: broken })
  expect(await (await app.request('/users/1')).text()).toBe('ann')
  expect(sink.lines()).toMatchObject([
    { level: 50, msg: 'requestLogger: requestId failed', error: { message: 'broken' } },
    { level: 50, msg: 'requestLogger: skip failed' },
    { msg: 'request received' },
    { msg: 'GET /users/1 200' },
  ])

  const bad = setUp({ requestId: () => 'a\r\nset-cookie: b' })
  expect(await (await bad.app.request('/users/1')).text()).toBe('ann')
  expect(bad.sink.lines()[0]?.request_id).toMatch(/^[\da-f-]{36}$/)
})

test('requestLogger checks its options', () => {
  const { logger } = setUp()
  expect(() => requestLogger({} as never)).toThrow('logger must be a Logger, received undefined')
  expect(() => requestLogger({ logger, slowMs: -1 })).toThrow('slowMs must be a number >= 0, received -1')
})

describe('on a Node server', () => {
  test('requestLogger ends when the response has been sent, for a text, a HEAD and a missing route', async () => {
    const { app, sink } = setUp()
    await using server = await nodeServer(app.fetch)
    await fetch(`${server.url}/users/1`).then((response) => response.text())
    await fetch(`${server.url}/users/1`, { method: 'HEAD' })
    await fetch(`${server.url}/missing`).then((response) => response.text())
    await vi.waitFor(() => expect(sink.lines()).toHaveLength(6))
    expect(sink.lines().filter(({ msg }) => msg !== 'request received')).toMatchObject([
      { 'http.request.method': 'GET', 'http.route': '/users/:id', 'http.response.status_code': 200 },
      { 'http.request.method': 'HEAD', 'http.response.status_code': 200 },
      { 'http.response.status_code': 404 },
    ])
    for (const line of sink.lines()) expect(line).not.toHaveProperty('http.request.aborted')
  })

  test('requestLogger tells a client that left before and during the answer', async () => {
    const { app, sink } = setUp()
    app.get('/endless', (c) => c.body(new ReadableStream({ start: (out) => out.enqueue(new Uint8Array(1)) })))
    app.get('/never', () => new Promise<Response>(() => undefined))
    await using server = await nodeServer(app.fetch)

    const during = new AbortController()
    await fetch(`${server.url}/endless`, { signal: during.signal })
    during.abort()
    await vi.waitFor(() => expect(sink.lines()).toHaveLength(2))
    const before = new AbortController()
    const unanswered = fetch(`${server.url}/never`, { signal: before.signal })
    await vi.waitFor(() => expect(sink.lines()).toHaveLength(3))
    before.abort()
    await expect(unanswered).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(sink.lines()).toHaveLength(4))
    expect([sink.lines()[1], sink.lines()[3]]).toMatchObject([
      { 'http.request.aborted': true, 'http.response.status_code': 200 },
      { 'http.request.aborted': true, 'http.response.status_code': 499 },
    ])
  })
})
