import { expect, test } from 'vitest'
import { createLogger } from './create-logger.ts'
import { testSink } from './test-sink.ts'

test.each<[string, unknown]>([
  ["service must be a non-empty string, received ''", ''],
  ["options must be a service's name or an object, received null", null],
  ['service must be a non-empty string, received undefined', {}],
  ['version must be a string, received 1', { service: 's', version: 1 }],
  [
    "level must be one of trace, debug, info, warn, error, fatal, silent, received 'loud'",
    { service: 's', level: 'loud' },
  ],
  ['redact must be an object or false, received true', { service: 's', redact: true }],
  ["redact.keys must be an array, received 'a'", { service: 's', redact: { keys: 'a' } }],
  ['redact.keys must hold strings and RegExps, received 1', { service: 's', redact: { keys: [1] } }],
  ['redact.censor must be a string, received 1', { service: 's', redact: { censor: 1 } }],
  ['destination must have a write method, received {}', { service: 's', destination: {} }],
  ["semconv must be one of 1.36, 1.41, received '2'", { service: 's', semconv: '2' }],
  ['pretty must be a boolean, received 1', { service: 's', pretty: 1 }],
  ['pino.transport must stand alone', { service: 's', pretty: true, pino: { transport: { target: 'x' } } }],
])('createLogger refuses: %s', (message, options) => {
  expect(() => createLogger(options as never)).toThrow(message)
})

test('createLogger accepts undefined for every option, and keeps no reference to them', () => {
  const sink = testSink()
  const options = { service: 'demo', version: undefined, level: undefined, redact: { keys: ['a'] }, semconv: undefined }
  const logger = createLogger({ ...options, pretty: undefined, pino: undefined, destination: sink.stream })
  options.redact.keys.length = 0
  logger.warn('x', { a: 1 })
  expect(sink.lines()).toMatchObject([{ a: '[Redacted]' }])
})

test('createLogger passes base, mixin, serializers and timestamp on to pino, and survives those that throw', () => {
  const sink = testSink()
  let broken = false
  const logger = createLogger({
    service: 'demo',
    level: 'info',
    destination: sink.stream,
    pino: {
      base: { region: 'eu', level: 1, password: 'abc' },
      mixin() {
        if (broken) throw new Error('no')
        return { mixed: true, level: 2 }
      },
      serializers: {
        user(value: { id: number }) {
          if (broken) throw new Error('no')
          return value.id
        },
      },
      timestamp: false,
    },
  })
  logger.info('a', { user: { id: 1 } })
  broken = true
  logger.child({ b: 1 }).info('b', { user: { id: 1 } })
  expect(sink.lines()).toEqual([
    {
      level: 30,
      region: 'eu',
      password: '[Redacted]',
      'service.name': 'demo',
      mixed: true,
      user: 1,
      msg: 'a',
      fields: { level: 2 },
    },
    { level: 30, region: 'eu', password: '[Redacted]', 'service.name': 'demo', b: 1, user: '[Throws]', msg: 'b' },
  ])
})

test('createLogger with pretty writes lines for people, which no text can break or paint over', () => {
  let text = ''
  const logger = createLogger({
    service: 'demo',
    level: 'info',
    pretty: true,
    destination: { write: (line) => (text += line) },
  })
  logger.info('one\n[12:00:00.000] INFO: two\u001B[2J\u2028', { 'k\n': '\r\nthree\u202E' })
  expect(text.split('\n')).toEqual([
    expect.stringMatching(/INFO.*: one\\n\[12:00:00\.000\] INFO: two\\u001b\[2J\\u2028 \{/),
    '',
  ])
  for (const character of '\u001B\r\u2028\u202E') expect(text).not.toContain(character)

  text = ''
  logger.error('failed', new Error('a\nb', { cause: new Error('c\u001B[1m') }))
  expect(
    text
      .split('\n')
      .slice(1)
      .every((line) => line === '' || line.startsWith('    ')),
  ).toBe(true)
  expect(text).not.toContain('\u001B')
})

function flushed(flush: (done: (error?: Error) => void) => void): Promise<void> {
  const destination = { write: () => undefined, flush }
  return createLogger({ service: 'demo', destination }).flush()
}

test('Logger.flush settles when the destination has taken everything, and rejects with its error', async () => {
  await expect(createLogger({ service: 'demo', destination: { write() {} } }).flush()).resolves.toBeUndefined()
  await expect(flushed((done) => setImmediate(done))).resolves.toBeUndefined()
  await expect(flushed((done) => done(new Error('disk full')))).rejects.toThrow('disk full')
})
