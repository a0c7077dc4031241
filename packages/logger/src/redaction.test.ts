import { expect, test } from 'vitest'
import { createLogger, type LoggerOptions } from './create-logger.ts'
import { createRedaction } from './redaction.ts'
import { testSink } from './test-sink.ts'

const redaction = createRedaction()

test.each([
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'Set-Cookie',
  'proxy-authorization',
  'PASSWORD',
  'passwd',
  'secret',
  'client_secret',
  'clientSecret',
  'token',
  'access_token',
  'refreshToken',
  'api_key',
  'api-key',
  'apiKey',
  'x-api-key',
  'X-API-KEY',
  'private_key',
  'db_password',
  'http.request.header.authorization',
  'AWS_SECRET_ACCESS_KEY',
])('createRedaction takes %s for a secret', (key) => {
  expect(redaction.isSecret(key)).toBe(true)
})

test.each([
  'input_tokens',
  'gen_ai.usage.input_tokens',
  'tokenizer',
  'passenger',
  'secretary',
  'session_id',
  'key',
  'author',
])('createRedaction leaves %s alone', (key) => {
  expect(redaction.isSecret(key)).toBe(false)
})

test('createRedaction cleans the query strings and passwords of the URLs in a text', () => {
  expect(redaction.scrub('GET https://h/p?a=1&api_key=k1&b=2;Access_Token=t#x failed, see ?token=%20"')).toBe(
    'GET https://h/p?a=1&api_key=[Redacted]&b=2;Access_Token=[Redacted]#x failed, see ?token=[Redacted]"',
  )
  expect(redaction.scrub('/p?api%5Fkey=k&%zz=1')).toBe('/p?api%5Fkey=[Redacted]&%zz=1')
  expect(redaction.scrub('postgres://app:hunter2@db/main')).toBe('postgres://app:[Redacted]@db/main')
})

test('createRedaction is linear on hostile texts', () => {
  const start = performance.now()
  for (const part of ['?a', '&', '://', '://a:', '?=', '?a=']) redaction.scrub(`${part.repeat(50_000)}=://`)
  expect(performance.now() - start).toBeLessThan(2_000)
})

test('createRedaction adds keys by name in any spelling, and by pattern as often as it is asked', () => {
  const added = createRedaction({ keys: ['Card-Number', /^ssn/gi] })
  expect(['card_number', 'cardNumber', 'SSN1', 'ssn2', 'password', 'card'].map((key) => added.isSecret(key))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ])
})

function written(fields: object, options: Partial<LoggerOptions> = {}): Record<string, unknown> | undefined {
  const sink = testSink()
  createLogger({ service: 'demo', level: 'info', destination: sink.stream, ...options }).info('hello', fields as never)
  return sink.lines()[0]
}

test('Logger.info hides secrets at any depth, in arrays and in error properties, whatever their type', () => {
  const error = Object.assign(new Error('GET /?token=abc'), { config: { headers: { Authorization: 'Bearer abc' } } })
  const text = JSON.stringify(
    written({ a: [{ b: { password: { c: 'abc' } } }], error, token: ['abc'], url: new URL('https://h/?token=abc') }),
  )
  expect(text).not.toContain('abc')
  expect(text.split('[Redacted]')).toHaveLength(7)
})

test('Logger.child, Logger.withContext and events hide secrets', () => {
  const sink = testSink()
  const logger = createLogger({ service: 'demo', level: 'info', destination: sink.stream }).child({ token: 'abc' })
  logger.withContext({ cookie: 'abc' }, () => logger.metric('m', 1, '1', { secret: 'abc' }))
  expect(sink.lines()).toMatchObject([{ token: '[Redacted]', cookie: '[Redacted]', secret: '[Redacted]' }])
})

test('Logger.info never changes or freezes what it was given', () => {
  const fields = { a: { password: 'abc' }, error: new Error('no'), level: 1 }
  const keys = Reflect.ownKeys(fields.error)
  written(fields)
  expect(fields).toMatchObject({ a: { password: 'abc' }, level: 1 })
  expect(Reflect.ownKeys(fields.error)).toEqual(keys)
  expect(Object.isFrozen(fields.a)).toBe(false)
})

test('Logger.info replaces secrets with the censor of its options, and keeps them with redact: false', () => {
  const fields = { password: 'abc', url: '/?token=abc' }
  expect(written(fields, { redact: { censor: '***' } })).toMatchObject({ password: '***', url: '/?token=***' })
  expect(written(fields, { redact: false })).toMatchObject(fields)
})

test('Logger.pino writes without secrets, forgeries and throwing, too', () => {
  const sink = testSink()
  createLogger({ service: 'demo', level: 'info', destination: sink.stream }).pino.info(
    { password: 'abc', level: 1 },
    'hello',
  )
  expect(sink.lines()).toMatchObject([{ level: 30, password: '[Redacted]', fields: { level: 1 } }])
})
