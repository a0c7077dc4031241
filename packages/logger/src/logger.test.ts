import { AsyncLocalStorage } from 'node:async_hooks'
import { context as otelContext, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLogger, type LoggerOptions } from './create-logger.ts'
import type { Logger } from './logger.ts'
import { testSink, type TestSink } from './test-sink.ts'

function setUp(options: Partial<LoggerOptions> = {}): { logger: Logger; sink: TestSink } {
  const sink = testSink()
  return { logger: createLogger({ service: 'demo', level: 'trace', destination: sink.stream, ...options }), sink }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('errors', () => {
  const root = new Error('connection reset')
  const error = new AggregateError([new TypeError('first'), 'second'], 'all failed', { cause: root })
  const kept = {
    name: 'AggregateError',
    message: 'all failed',
    stack: expect.stringContaining('logger.test.ts'),
    cause: { name: 'Error', message: 'connection reset', stack: expect.any(String) },
    errors: [{ name: 'TypeError', message: 'first', stack: expect.any(String) }, 'second'],
  }

  test('Logger.error keeps name, message, stack, causes and errors of a field', () => {
    const { logger, sink } = setUp()
    logger.error('Operation failed', { error })
    logger.error({ err: error }, 'Operation failed')
    expect(sink.lines()).toMatchObject([
      { level: 50, msg: 'Operation failed', error: kept },
      { level: 50, msg: 'Operation failed', err: kept },
    ])
  })

  test('Logger.error takes an Error in place of the fields, before or after the message, and writes it under err', () => {
    const { logger, sink } = setUp()
    logger.error('Operation failed', error)
    logger.error(error, 'Operation failed')
    logger.error(error)
    expect(sink.lines()).toMatchObject([
      { msg: 'Operation failed', err: kept },
      { msg: 'Operation failed', err: kept },
      { msg: 'all failed', err: kept },
    ])
  })

  test('Logger.error keeps the own properties of an error, such as code, and of one that is frozen', () => {
    const { logger, sink } = setUp()
    logger.error('no', Object.freeze(Object.assign(new Error('late'), { code: 'TIMEOUT', password: 'x' })))
    expect(sink.lines()).toMatchObject([{ err: { message: 'late', code: 'TIMEOUT', password: '[Redacted]' } }])
  })

  test('Logger.error ends a chain of causes that is too long or circular', () => {
    const { logger, sink } = setUp()
    let chain = new Error('0')
    for (let index = 1; index < 1000; index += 1) chain = new Error(String(index), { cause: chain })
    const circular = new Error('circular')
    circular.cause = circular
    logger.error('a', chain)
    logger.error('b', circular)
    expect(JSON.stringify(sink.lines()[0])).toContain('"cause":"[Truncated]"')
    expect(sink.lines()[1]).toMatchObject({ err: { cause: '[Circular]' } })
  })
})

describe('totality', () => {
  test.each<[string, () => unknown, unknown]>([
    [
      'a throwing getter',
      () => ({
        get x() {
          throw new Error('no')
        },
      }),
      '[Throws]',
    ],
    [
      'a throwing toJSON',
      () => ({
        x: {
          toJSON() {
            throw new Error('no')
          },
        },
      }),
      '[Unreadable]',
    ],
    ['a revoked proxy', () => ({ x: revoked() }), '[Unreadable]'],
    ['a BigInt', () => ({ x: 12345678901234567890n }), '12345678901234567890'],
    ['a symbol', () => ({ x: Symbol('s') }), 'Symbol(s)'],
    ['a function', () => ({ x: () => 1 }), '[Function]'],
    ['NaN', () => ({ x: Number.NaN }), 'NaN'],
    [
      'a Map',
      () => ({
        x: new Map([
          ['token', 1],
          ['b', 2],
        ]),
      }),
      { token: '[Redacted]', b: 2 },
    ],
    [
      'Headers',
      () => ({ x: new Headers({ authorization: 'a', accept: 'b' }) }),
      { authorization: '[Redacted]', accept: 'b' },
    ],
    ['a Set', () => ({ x: new Set([1]) }), [1]],
    ['bytes', () => ({ x: new Uint8Array(3) }), '[Binary: 3 bytes]'],
    ['a date', () => ({ x: new Date(0) }), '1970-01-01T00:00:00.000Z'],
    ['an own __proto__', () => ({ x: JSON.parse('{"__proto__":{"a":1}}') as unknown }), { ['__proto__']: { a: 1 } }],
  ])('Logger.info writes a line for %s', (_, make, expected) => {
    const { logger, sink } = setUp()
    logger.info('hello', make() as Record<string, unknown>)
    expect(sink.lines()).toHaveLength(1)
    expect(sink.lines()[0]?.x).toEqual(expected)
  })

  test('Logger.info bounds huge strings, long arrays, deep and wide objects', () => {
    const { logger, sink } = setUp()
    let deep: unknown = 1
    for (let index = 0; index < 10_000; index += 1) deep = { deep }
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index]))
    let tree: unknown = 'leaf'
    for (let index = 0; index < 9; index += 1) tree = Array.from({ length: 100 }, () => tree)
    logger.info('x'.repeat(1e6), {
      text: 'y'.repeat(1e7),
      list: Array.from({ length: 1e5 }, () => 1),
      deep,
      wide,
      tree,
    })
    const [line] = sink.lines()
    expect(line).toMatchObject({
      msg: expect.stringMatching(/^x+… \[967232 more characters\]$/),
      text: expect.stringMatching(/^y+… \[9967232 more characters\]$/),
      wide: { k199: 199, '…': '[800 more keys]' },
    })
    expect(line?.list).toHaveProperty('200', '… [99800 more items]')
    expect(JSON.stringify(line).length).toBeLessThan(1e6)
  })

  test('Logger.info bounds the number of fields', () => {
    const { logger, sink } = setUp()
    logger.info('wide', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])))
    expect(sink.lines()).toMatchObject([{ k199: 199, fields: { '…': '[9800 more keys]' } }])
    expect(sink.lines()[0]).not.toHaveProperty('k200')
  })

  test('Logger.info writes what is not a bag of fields under fields', () => {
    const { logger, sink } = setUp()
    for (const value of [42, null, ['a'], new Date(0), revoked()]) logger.info('odd', value as never)
    expect(sink.lines().map(({ fields }) => (fields as Record<string, unknown>).fields)).toEqual([
      42,
      null,
      ['a'],
      '1970-01-01T00:00:00.000Z',
      '[Unreadable]',
    ])
  })

  test('Logger.apiCall writes a line for a call it cannot read', () => {
    const { logger, sink } = setUp()
    logger.apiCall(null as never)
    logger.toolCall({
      get tool(): string {
        throw new Error('no')
      },
      success: true,
      durationMs: 1,
    })
    expect(sink.lines()).toMatchObject([{ 'event.name': 'api_call' }, { 'event.name': 'tool_call' }])
  })

  test('Logger.info survives a getter that logs itself', () => {
    const { logger, sink } = setUp()
    logger.info('outer', {
      get inner() {
        return logger.info('inner') ?? 'done'
      },
    })
    expect(sink.lines()).toMatchObject([{ msg: 'inner' }, { msg: 'outer', inner: 'done' }])
  })

  test('Logger.info does not throw when the destination does, and says so once', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const logger = createLogger({
      service: 'demo',
      destination: {
        write: () => {
          throw new Error('disk full')
        },
      },
    })
    logger.info('a')
    logger.info('b')
    expect(warn.mock.calls).toEqual([[expect.stringContaining('disk full')]])
    warn.mockRestore()
  })
})

describe('unforgeability', () => {
  test('Logger.info sets fields aside that clash with what only the logger writes', () => {
    const { logger, sink } = setUp({ version: '1' })
    const forged = {
      level: 60,
      time: 0,
      msg: 'x',
      pid: 1,
      hostname: 'x',
      service: 'x',
      'service.name': 'x',
      'service.version': 'x',
      trace_id: 'x',
      span_id: 'x',
      trace_flags: 'x',
      fields: 'x',
    }
    logger.info('true', forged)
    const [line] = sink.lines()
    expect(line).toMatchObject({
      level: 30,
      msg: 'true',
      'service.name': 'demo',
      'service.version': '1',
      fields: forged,
    })
    expect(line).not.toHaveProperty('trace_id')
  })

  test('Logger.info sets fields aside that clash with bindings, context or an event', () => {
    const { logger, sink } = setUp()
    const child = logger.child({ user: 'ann' })
    child.withContext({ request_id: 'r1' }, () =>
      child.metric('m', 1, 's', { user: 'eve', request_id: 'r2', 'metric.value': 2 }),
    )
    expect(sink.lines()).toMatchObject([
      {
        user: 'ann',
        request_id: 'r1',
        'metric.value': 1,
        fields: { user: 'eve', request_id: 'r2', 'metric.value': 2 },
      },
    ])
  })

  test('Logger.child cannot forge either', () => {
    const { logger, sink } = setUp()
    logger.child({ level: 60, 'service.name': 'x' }).child({ time: 1 }).info('true', { msg: 'false' })
    expect(sink.lines()).toMatchObject([
      { level: 30, 'service.name': 'demo', fields: { level: 60, 'service.name': 'x', time: 1, msg: 'false' } },
    ])
  })

  test('Logger.info looks into no object the way pino does for requests and responses', () => {
    const { logger, sink } = setUp()
    logger.info('a', { method: 'GET', headers: {}, socket: {}, setHeader: () => 1 })
    expect(sink.lines()).toMatchObject([{ method: 'GET', headers: {}, socket: {}, setHeader: '[Function]' }])
  })

  test('Logger.info does not interpolate', () => {
    const { logger, sink } = setUp()
    logger.info('100 %d %s %%', { a: 1 })
    expect(sink.lines()).toMatchObject([{ msg: '100 %d %s %%', a: 1 }])
  })

  test('Logger.info keeps newlines inside the line', () => {
    const { logger, sink } = setUp()
    logger.info('a\n{"level":60}', { 'b\n': '\r\n' })
    expect(sink.lines()).toMatchObject([{ msg: 'a\n{"level":60}', 'b\n': '\r\n' }])
  })
})

describe('child, context and level', () => {
  test('Logger.child adds its bindings, which replace those of its parent', () => {
    const { logger, sink } = setUp()
    logger.child({ a: 1, b: 1 }).child({ b: 2 }).info('x')
    expect(sink.lines()).toMatchObject([{ a: 1, b: 2 }])
  })

  test('Logger.withContext reaches every logger across await; nested contexts merge and end', async () => {
    const { logger, sink } = setUp()
    const result = await logger.withContext({ a: 1, b: 1 }, async () => {
      await Promise.resolve()
      logger.withContext({ b: 2 }, () => logger.child({ c: 3 }).info('inner'))
      logger.info('outer')
      return 'value'
    })
    logger.info('outside')
    expect(result).toBe('value')
    expect(sink.lines()).toMatchObject([{ a: 1, b: 2, c: 3 }, { a: 1, b: 1 }, {}])
    expect(sink.lines()[2]).not.toHaveProperty('a')
  })

  test('Logger.setLevel reaches the children that have no level of their own', () => {
    const { logger } = setUp({ level: 'info' })
    const follows = logger.child({}).child({})
    const own = logger.child({}, { level: 'info' })
    logger.setLevel('debug')
    expect([follows, own].map((child) => child.isLevelEnabled('debug'))).toEqual([true, false])
    logger.setLevel('error')
    expect([follows, own].map((child) => child.isLevelEnabled('info'))).toEqual([false, true])
  })

  test.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)(
    'Logger.%s writes at its level and not below',
    (level) => {
      const { logger, sink } = setUp({ level })
      logger[level]('yes')
      logger.setLevel('silent')
      logger[level]('no')
      expect(logger.isLevelEnabled(level)).toBe(false)
      expect(sink.lines()).toMatchObject([{ level: logger.pino.levels.values[level], msg: 'yes' }])
    },
  )

  test('createLogger warns once a process of a wrong LOG_LEVEL and takes info', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    for (const wrong of ['verbose', '']) {
      vi.stubEnv('LOG_LEVEL', wrong)
      expect(createLogger('demo').pino.level).toBe('info')
    }
    expect(warn.mock.calls).toEqual([[expect.stringContaining('received "verbose"; using info')]])
    warn.mockRestore()
  })

  test.each([
    ['WARNING', 'warn'],
    ['Debug', 'debug'],
    ['CRITICAL', 'fatal'],
    [undefined, 'info'],
  ])('createLogger reads LOG_LEVEL=%s as %s', (value, level) => {
    vi.stubEnv('LOG_LEVEL', value)
    expect(createLogger('demo').pino.level).toBe(level)
  })
})

describe('events', () => {
  test('Logger.metric writes name, value and unit', () => {
    const { logger, sink } = setUp()
    logger.metric('latency', 1234.5, 'ms', { region: 'eu' })
    logger.metric('count', 3)
    expect(sink.lines()).toMatchObject([
      { 'event.name': 'metric', 'metric.name': 'latency', 'metric.value': 1234.5, 'metric.unit': 'ms', region: 'eu' },
      { 'metric.name': 'count', 'metric.value': 3, 'metric.unit': '1' },
    ])
  })

  test('Logger.apiCall writes the same line in both shapes, without the query', () => {
    const { logger, sink } = setUp()
    logger.apiCall('POST', '/chat?token=abc', 200, 1234.5, { a: 1 })
    logger.apiCall({ method: 'POST', path: 'https://host/chat#x', status: 200, durationMs: 1234.5, fields: { a: 1 } })
    const line = {
      level: 30,
      'event.name': 'api_call',
      'http.request.method': 'POST',
      'url.path': '/chat',
      a: 1,
      'http.response.status_code': 200,
      duration_ms: 1234.5,
      msg: 'POST /chat 200',
    }
    expect(sink.lines()).toMatchObject([line, line])
    for (const written of sink.lines()) expect(written).not.toHaveProperty('error.type')
  })

  test('Logger.apiCall takes its level and error.type from the outcome', () => {
    const { logger, sink } = setUp()
    logger.apiCall('GET', '/', 404, 1)
    logger.apiCall('GET', '/', 503, 1)
    logger.apiCall({ method: 'GET', path: '/', route: '/', status: 200, durationMs: 1, error: new TypeError('no') })
    expect(sink.lines()).toMatchObject([
      { level: 40 },
      { level: 50, 'error.type': '503' },
      { level: 50, 'error.type': 'TypeError', 'http.route': '/', err: { message: 'no' } },
    ])
  })

  test('Logger.llmCall writes the same line in both shapes', () => {
    const { logger, sink } = setUp()
    logger.llmCall('llama-3.3-70b', 150, 50, 2345.6)
    logger.llmCall({ model: 'llama-3.3-70b', inputTokens: 150, outputTokens: 50, durationMs: 2345.6 })
    const line = {
      level: 30,
      'event.name': 'llm_call',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'llama-3.3-70b',
      'gen_ai.usage.input_tokens': 150,
      'gen_ai.usage.output_tokens': 50,
      duration_ms: 2345.6,
    }
    expect(sink.lines()).toMatchObject([line, line])
  })

  test('Logger.llmCall names provider, finish reasons and errors, by the version of the conventions', () => {
    const call = {
      model: 'm',
      inputTokens: 1,
      outputTokens: 2,
      durationMs: 3,
      provider: 'groq',
      finishReasons: ['stop'],
      timeToFirstChunkMs: 4,
      error: new RangeError('no'),
    }
    const now = setUp()
    now.logger.llmCall(call)
    expect(now.sink.lines()).toMatchObject([
      {
        level: 50,
        'gen_ai.provider.name': 'groq',
        'gen_ai.response.finish_reasons': ['stop'],
        'error.type': 'RangeError',
      },
    ])
    const before = setUp({ semconv: '1.36' })
    before.logger.llmCall(call)
    expect(before.sink.lines()).toMatchObject([{ 'gen_ai.system': 'groq', time_to_first_chunk_ms: 4 }])
  })

  test('Logger.toolCall writes the same line in both shapes, and an error.type for a failure', () => {
    const { logger, sink } = setUp()
    logger.toolCall('get_account_balance', true, 123.4)
    logger.toolCall({ tool: 'get_account_balance', success: true, durationMs: 123.4 })
    logger.toolCall({ tool: 't', success: false, durationMs: 1, callId: 'c1' })
    const line = {
      level: 30,
      'event.name': 'tool_call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'get_account_balance',
      'tool.success': true,
      duration_ms: 123.4,
    }
    const failed = { level: 50, 'gen_ai.tool.call.id': 'c1', 'tool.success': false, 'error.type': '_OTHER' }
    expect(sink.lines()).toMatchObject([line, line, failed])
    expect(sink.lines()[0]).not.toHaveProperty('error.type')
  })

  test('Logger.metric is not written below the level', () => {
    const { logger, sink } = setUp({ level: 'warn' })
    logger.metric('m', 1)
    expect(sink.lines()).toEqual([])
  })
})

describe('traces', () => {
  test('Logger.info carries the ids of the active OpenTelemetry span', () => {
    const storage = new AsyncLocalStorage<typeof ROOT_CONTEXT>()
    otelContext.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, fn, self, ...values) => storage.run(active, () => fn.call(self as never, ...values)),
      bind: (_, target) => target,
      enable() {
        return this
      },
      disable() {
        return this
      },
    })
    const { logger, sink } = setUp()
    const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
    otelContext.with(trace.setSpanContext(ROOT_CONTEXT, ids), () => logger.info('in', { trace_id: 'forged' }))
    logger.info('out')
    otelContext.disable()
    expect(sink.lines()).toMatchObject([
      { trace_id: ids.traceId, span_id: ids.spanId, trace_flags: '01', fields: { trace_id: 'forged' } },
      { msg: 'out' },
    ])
    expect(sink.lines()[1]).not.toHaveProperty('trace_id')
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
