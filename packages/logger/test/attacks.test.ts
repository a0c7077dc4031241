/** What broke an earlier version, a test each. */
import { EventEmitter, once } from 'node:events'
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { context as otelContext, ROOT_CONTEXT, trace, type Span } from '@opentelemetry/api'
import { Hono } from 'hono'
import { describe, expect, test, vi } from 'vitest'
import { createLogger, testSink, type Logger, type LoggerOptions, type TestSink } from '@aplomb/logger'
import { requestLogger } from '@aplomb/logger/hono'

function setUp(options: Partial<LoggerOptions> = {}): { logger: Logger; sink: TestSink; text: () => string } {
  const sink = testSink()
  let text = ''
  const destination = {
    write(line: string) {
      sink.stream.write(line)
      text = line
    },
  }
  const logger = createLogger({ service: 'demo', level: 'info', pino: { base: null }, destination, ...options })
  return { logger, sink, text: () => text }
}

describe('requests and responses', () => {
  test('Logger.info writes neither the headers of a request nor those of a response, wherever they stand', async () => {
    const { logger, sink } = setUp()
    const server = createServer((req, res) => {
      res.setHeader('set-cookie', 'sid=hunter4')
      logger.info('fields', { req, res })
      logger.info(req as never, 'first')
      logger.info('spread', Object.assign({}, req) as never)
      res.end('ok')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const outgoing: ClientRequest = request({
      port: (server.address() as AddressInfo).port,
      path: '/orders?token=hunter5&page=2',
      headers: { authorization: 'Bearer hunter2', cookie: 'sid=hunter3' },
    })
    outgoing.end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    logger.error('error', Object.assign(new Error('no'), { request: outgoing, response, socket: response.socket }))
    response.resume()
    await once(response, 'end')
    outgoing.destroy()
    server.closeAllConnections()
    server.close()

    expect(JSON.stringify(sink.lines())).not.toContain('hunter')
    const url = '/orders?token=[Redacted]&page=2'
    expect(sink.lines()).toMatchObject([
      { req: { method: 'GET', url }, res: { statusCode: 200 } },
      { method: 'GET', url },
      { msg: 'spread' },
      { err: { request: { method: 'GET', url }, response: { statusCode: 200 }, socket: { type: 'Socket' } } },
    ])
  })
})

describe('context', () => {
  test('Logger.withContext hides what the logger that writes takes for a secret', () => {
    const { logger, sink } = setUp({ redact: { keys: ['cardNumber'] } })
    const open = setUp({ redact: false }).logger
    const fields = { cardNumber: 'hunter2', order: { password: 'hunter2', url: '/?token=hunter2' } }
    open.withContext(fields, () => {
      logger.info('one')
      logger.withContext({ a: 1 }, () => logger.info('two'))
    })
    expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
    expect(sink.lines()[1]).toMatchObject({ cardNumber: '[Redacted]', a: 1 })
  })

  test('Logger.withContext writes no key twice and forges none when another logger writes', () => {
    const { logger, text } = setUp({ pino: {} })
    const other = setUp().logger
    other.withContext({ pid: 666, hostname: 'evil', level: 60 }, () => logger.info('x'))
    expect(text().split('"pid"')).toHaveLength(3)
    expect(JSON.parse(text())).toMatchObject({
      pid: process.pid,
      level: 30,
      fields: { pid: 666, hostname: 'evil', level: 60 },
    })
  })
})

describe('keys that clash', () => {
  test('Logger.llmCall keeps its own attribute, sets the base of pino aside, and writes no key twice', () => {
    const { logger, text } = setUp({ pino: { base: { 'gen_ai.provider.name': 'openai', region: 'eu' } } })
    logger.llmCall({ model: 'm', inputTokens: 1, outputTokens: 1, durationMs: 1, provider: 'groq' })
    expect(text().split('"gen_ai.provider.name":"openai"')).toHaveLength(2)
    expect(JSON.parse(text())).toMatchObject({
      region: 'eu',
      'gen_ai.provider.name': 'groq',
      fields: { 'gen_ai.provider.name': 'openai' },
    })
    logger.child({ region: 'us' }).info('x', { region: 'mars' })
    expect(JSON.parse(text())).toMatchObject({ region: 'eu', fields: { region: 'mars' } })
  })

  test('createLogger reserves the key of a timestamp function, and outlives one that throws', () => {
    const { logger, text } = setUp({ pino: { base: null, timestamp: () => ',"timestamp":"2026"' } })
    logger.info('x', { timestamp: '1999' })
    expect(JSON.parse(text())).toMatchObject({ timestamp: '2026', fields: { timestamp: '1999' } })
    const broken = setUp({
      pino: {
        timestamp() {
          throw new Error('no clock')
        },
      },
    })
    broken.logger.info('x')
    expect(broken.sink.lines()).toMatchObject([{ msg: 'x', time: expect.any(Number) }])
  })

  test('Logger.apiCall sets bindings and context aside that clash with its attributes', () => {
    const { logger, sink } = setUp()
    logger.withContext({ 'url.path': '/mine' }, () =>
      logger.child({ duration_ms: 'mine' }).apiCall('GET', '/a', 200, 1),
    )
    expect(sink.lines()).toMatchObject([
      { duration_ms: 1, 'url.path': '/a', fields: { duration_ms: 'mine', 'url.path': '/mine' } },
    ])
  })

  test('Logger.child keeps a binding named fields that is no object whole', () => {
    const { logger, sink } = setUp()
    logger.child({ fields: 'abc' }).info('x', { fields: 'defg' })
    expect(sink.lines()).toMatchObject([{ fields: { fields: 'defg' } }])
    expect(sink.lines()[0]?.fields).not.toHaveProperty('0')
  })
})

describe('secrets in texts', () => {
  test.each([
    "https://x/?password=p'hunter2",
    'https://x/?password=ab;hunter2',
    'https://x/?user[password]=hunter2',
    'https://x/?user%5Bpassword%5D=hunter2',
    'https://x/?token[]=hunter2',
    'https://x/?token[0]=hunter2',
    'https://x/?api.key=hunter2',
    'https://x/cb#access_token=hunter2',
    'token=hunter2&a=1',
    'postgres://u:p@hunter2@host/db',
    'postgres://u:pa/hunter2@host/db',
    `https://u:${'h'.repeat(2_000)}hunter2@host/`,
    `${'a'.repeat(32_768 - 25)}https://user:hunter2secretpassword@host/`,
  ])('Logger.info hides the secret of %s', (text) => {
    const { logger, sink } = setUp()
    logger.info('x', { text, [text]: 1, symbol: Symbol(text), inner: { [text]: 1 } })
    expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
    expect(JSON.stringify(sink.lines())).toContain('[Redacted]')
  })

  test('Logger.info hides the fields of forms by their names', () => {
    const { logger, sink } = setUp()
    logger.info('x', { 'user[password]': 'hunter2', 'api.key': 'hunter2', 'password[]': 'hunter2' })
    expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
  })

  test('Logger.info leaves a port, and what follows a secret, as they are', () => {
    const { logger, sink } = setUp()
    logger.info('http://localhost:3000/@scope/name?token=abc&a=1#b and more')
    expect(sink.lines()[0]?.msg).toBe('http://localhost:3000/@scope/name?token=[Redacted]&a=1#b and more')
  })
})

describe('bounds', () => {
  test.each<[string, unknown]>([
    ['a BigInt', 10n ** 100_000n],
    ['a symbol', Symbol('x'.repeat(1e6))],
    ['a key', { ['k'.repeat(1e6)]: 1 }],
    ['a key of a Map', new Map([['k'.repeat(1e6), 1]])],
  ])('Logger.info bounds the length of %s', (_, value) => {
    const { logger, text } = setUp()
    logger.info('x', { value, ...(typeof value === 'object' && !(value instanceof Map) ? value : {}) })
    expect(text().length).toBeLessThan(70_000)
    expect(text()).toContain('more characters]')
  })

  test('Logger.info marks what a long Map lacks, and keeps the rest of one with a bad key', () => {
    const { logger, sink } = setUp()
    const long = new Map(Array.from({ length: 300 }, (_, index) => [`k${index}`, index]))
    const bad = new Map<unknown, unknown>([
      [Object.create(null), 1],
      ['a', 2],
    ])
    logger.info('x', { long, bad })
    expect(sink.lines()).toMatchObject([
      { long: { k199: 199, '…': '[100 more keys]' }, bad: { '[Unreadable]': 1, a: 2 } },
    ])
  })
})

describe('what surrounds a line', () => {
  test('Logger.info writes its line in a span that has no flags, too many, or throws', () => {
    const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
    let active = ROOT_CONTEXT
    otelContext.setGlobalContextManager({
      active: () => active,
      with: (_, fn, self, ...values) => fn.call(self as never, ...values),
      bind: (_, target) => target,
      enable() {
        return this
      },
      disable() {
        return this
      },
    })
    const { logger, sink } = setUp()
    const throwing = {
      spanContext() {
        throw new Error('no span')
      },
    }
    for (const span of [
      trace.wrapSpanContext(ids as never),
      trace.wrapSpanContext({ ...ids, traceFlags: 257 }),
      throwing as unknown as Span,
    ]) {
      active = trace.setSpan(ROOT_CONTEXT, span)
      logger.info('x')
    }
    otelContext.disable()
    expect(sink.lines().map(({ trace_id, trace_flags }) => [trace_id, trace_flags])).toEqual([
      [ids.traceId, '00'],
      [ids.traceId, '01'],
      [undefined, undefined],
    ])
  })

  test('Logger.info outlives a destination whose error cannot be looked at', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const logger = createLogger({
      service: 'demo',
      destination: {
        write() {
          throw Object.assign(new Error('no'), {
            [inspect.custom]() {
              throw new Error('from inspect')
            },
          })
        },
      },
    })
    logger.info('x')
    expect(warn.mock.calls).toEqual([[expect.stringContaining('The destination of the logger "demo" failed')]])
    warn.mockRestore()
  })
})

describe('requestLogger', () => {
  test('requestLogger sends the id back with a Response that the handler made by itself, and with one it skips', async () => {
    const { logger } = setUp()
    const app = new Hono()
    app.use(requestLogger({ logger, skip: (c) => c.req.path === '/skipped' }))
    app.get('/raw', () => new Response('x'))
    app.get('/away', () => Response.redirect('http://localhost/raw'))
    app.get('/skipped', () => new Response('x'))
    for (const path of ['/raw', '/away', '/skipped']) {
      const response = await app.request(path, { headers: { 'x-request-id': 'abc-1' } })
      expect(response.headers.get('x-request-id')).toBe('abc-1')
    }
  })

  test('requestLogger lets a response pass that cannot be built anew: an upgrade, an error, a used body', async () => {
    const { logger } = setUp()
    const app = new Hono().use(requestLogger({ logger }))
    // As Deno, Bun and Workers answer an upgrade; Node's constructor refuses the status.
    app.get('/upgrade', () => Object.defineProperty(new Response(null), 'status', { value: 101 }))
    app.get('/error', () => Response.error())
    app.get('/used', async () => {
      const used = new Response('abc')
      await used.text()
      return used
    })
    app.get('/locked', () => {
      const locked = new Response('abc')
      locked.body?.getReader()
      return locked
    })
    const statuses = ['/upgrade', '/error', '/used', '/locked'].map(async (path) => (await app.request(path)).status)
    expect(await Promise.all(statuses)).toEqual([101, 0, 200, 200])
  })

  test('requestLogger writes the last line of a client that left before it was its turn', async () => {
    const { logger, sink } = setUp()
    const app = new Hono().use(requestLogger({ logger })).get('/', (c) => c.text('late'))
    const outgoing = Object.assign(new EventEmitter(), { destroyed: true, headersSent: false, writableFinished: false })
    await app.request('/', undefined, { outgoing })
    expect(sink.lines().at(-1)).toMatchObject({ 'http.response.status_code': 499, 'http.request.aborted': true })
  })

  test.each([
    ['slowMs', null],
    ['slowMs', '5'],
    ['skip', true],
    ['requestId', 'abc'],
  ])('requestLogger refuses %s: %j', (name, value) => {
    const { logger } = setUp()
    expect(() => requestLogger({ logger, [name]: value })).toThrow(TypeError)
  })

  test('requestLogger takes an id that is no text for none', async () => {
    const { logger } = setUp()
    const hostile = { toString: () => expect.fail('it was read') }
    const app = new Hono()
      .use(requestLogger({ logger, requestId: () => hostile as never }))
      .get('/', (c) => c.text('x'))
    expect((await app.request('/')).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })
})
