import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createLogger, testSink } from '@aplomb/logger'

// What pino 10 does by itself, and the logger on top of it does not. Each test shows both.

function raw(options: pino.LoggerOptions = {}): { logger: pino.Logger; text: () => string } {
  let text = ''
  return { logger: pino(options, { write: (line) => (text += line) }), text: () => text }
}

function ours(): { logger: ReturnType<typeof createLogger>; sink: ReturnType<typeof testSink> } {
  const sink = testSink()
  return { logger: createLogger({ service: 'demo', level: 'info', destination: sink.stream }), sink }
}

test('pino lets a field replace the level and the time; Logger does not', () => {
  const peer = raw()
  peer.logger.info({ level: 60, time: 0 }, 'hello')
  expect(JSON.parse(peer.text())).toMatchObject({ level: 60, time: 0 })

  const { logger, sink } = ours()
  logger.info('hello', { level: 60, time: 0 })
  expect(sink.lines()).toMatchObject([{ level: 30, fields: { level: 60, time: 0 } }])
})

test('pino writes a key twice when a child binds it again; Logger writes it once', () => {
  const peer = raw()
  peer.logger.child({ a: 1 }).child({ a: 2 }).info('hello')
  expect(peer.text()).toContain('"a":1,"a":2')

  const { logger, sink } = ours()
  logger.child({ a: 1 }).child({ a: 2 }).info('hello')
  expect(sink.lines()).toMatchObject([{ a: 2 }])
})

test('pino throws for a throwing getter; Logger writes the line', () => {
  const fields = {
    ok: 1,
    get bad(): string {
      throw new Error('no')
    },
  }
  expect(() => raw().logger.info(fields, 'hello')).toThrow('no')

  const { logger, sink } = ours()
  logger.info('hello', fields)
  expect(sink.lines()).toMatchObject([{ ok: 1, bad: '[Throws]', msg: 'hello' }])
})

test('pino throws for a frozen error, which its serializer wants to mark; Logger writes the line', () => {
  const err = Object.freeze(new Error('frozen'))
  expect(() => raw().logger.error({ err }, 'hello')).toThrow(TypeError)

  const { logger, sink } = ours()
  logger.error({ err }, 'hello')
  expect(sink.lines()).toMatchObject([{ err: { message: 'frozen' } }])
})

test('pino serializes an error only under err; Logger does wherever it stands', () => {
  const fields = { error: new Error('no answer') }
  const peer = raw()
  peer.logger.error(fields, 'hello')
  expect(JSON.parse(peer.text())).toMatchObject({ error: {} })
  expect(peer.text()).not.toContain('no answer')

  const { logger, sink } = ours()
  logger.error('hello', fields)
  expect(sink.lines()).toMatchObject([{ error: { name: 'Error', message: 'no answer' } }])
})

test('pino drops the fields that follow a message; Logger writes them', () => {
  const peer = raw()
  peer.logger.info('hello', { a: 1 } as never)
  expect(JSON.parse(peer.text())).not.toHaveProperty('a')

  const { logger, sink } = ours()
  logger.info('hello', { a: 1 })
  expect(sink.lines()).toMatchObject([{ msg: 'hello', a: 1 }])
})

test('pino redacts the paths it is told and none that is deeper; Logger redacts by key at any depth', () => {
  const fields = { a: { b: [{ password: 'hunter2' }] } }
  const peer = raw({ redact: ['password', '*.password'] })
  peer.logger.info(fields, 'hello')
  expect(peer.text()).toContain('hunter2')

  const { logger, sink } = ours()
  logger.info('hello', fields)
  expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
})

test('pino gives a child no level of its own when it is the one its parent has at the moment; Logger does', () => {
  const peer = raw({ level: 'info' })
  const peerChild = peer.logger.child({}, { level: 'info' })
  peer.logger.level = 'error'
  expect(peerChild.isLevelEnabled('info')).toBe(false)

  const { logger } = ours()
  const child = logger.child({}, { level: 'info' })
  logger.setLevel('error')
  expect(child.isLevelEnabled('info')).toBe(true)
})
