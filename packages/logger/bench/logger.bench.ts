import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { configure, getLogger, getJsonLinesFormatter, withContext } from '@logtape/logtape'
import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import winston from 'winston'
import { createLogger } from '@aplomb/logger'
import { sideBySide, type Candidate } from '../../../scripts/side-by-side.ts'

for (const peer of ['pino', 'winston', '@logtape/logtape']) {
  const manifest = readFileSync(new URL(`../node_modules/${peer}/package.json`, import.meta.url), 'utf8')
  console.log(`${peer} ${(JSON.parse(manifest) as { version: string }).version}`)
}
console.log(`node ${process.versions.node}`)

// pino's line is a rope of strings, which only somebody who reads it flattens; a destination that does not hides the cost.
let written = 0
const destination = {
  write(line: string): void {
    written += Buffer.byteLength(line)
  },
}
const fields = {
  user: 'u-1834',
  route: '/api/v1/concierge/chat',
  items: 3,
  cached: false,
  session: { id: 's-77f3', turns: 12 },
}
const request = { request_id: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed' }
const times =
  (fn: () => void): Candidate =>
  (count) => {
    for (let index = 0; index < count; index += 1) fn()
  }

const raw = pino({ level: 'info', base: { pid: process.pid, hostname: 'host', 'service.name': 'bench' } }, destination)
const options = { service: 'bench', level: 'info', destination } as const
const bare = createLogger({ ...options, redact: false })
const redacting = createLogger(options)
const redactingPino = pino(
  { level: 'info', redact: ['password', 'token', '*.password', '*.token', 'session.cookie'] },
  destination,
)

const winstonLogger = winston.createLogger({
  level: 'info',
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [
    new winston.transports.Stream({
      stream: new Writable({
        write(chunk: Buffer, _, done) {
          written += chunk.length
          done()
        },
      }),
    }),
  ],
})
const jsonLines = getJsonLinesFormatter({ properties: 'flatten' })
await configure({
  sinks: { bench: (record) => destination.write(jsonLines(record)) },
  loggers: [
    { category: 'bench', sinks: ['bench'], lowestLevel: 'info' },
    { category: ['logtape', 'meta'], lowestLevel: 'error' },
  ],
  contextLocalStorage: new AsyncLocalStorage<Record<string, unknown>>(),
})
const logtape = getLogger('bench')

const lines: Record<string, Candidate> = {
  'pino, raw': times(() => raw.info(fields, 'chat answered')),
  'aplomb, redact: false': times(() => bare.info('chat answered', fields)),
  'aplomb, context': (count) => bare.withContext(request, () => times(() => bare.info('chat answered', fields))(count)),
  'aplomb, deep redaction and context': (count) =>
    redacting.withContext(request, () => times(() => redacting.info('chat answered', fields))(count)),
  'pino, five redact paths': times(() => redactingPino.info(fields, 'chat answered')),
  winston: times(() => winstonLogger.info('chat answered', fields)),
  'logtape, context': (count) => withContext(request, () => times(() => logtape.info('chat answered', fields))(count)),
}
// A first call that compiles takes so long that one call would be taken for a turn.
for (const run of Object.values(lines)) void run(5_000)
await sideBySide({ title: 'One line with five fields, one of them an object', candidates: lines })

await sideBySide({
  title: 'A level that is off',
  candidates: {
    'pino, raw': times(() => raw.debug(fields, 'chat answered')),
    aplomb: times(() => redacting.debug('chat answered', fields)),
    winston: times(() => winstonLogger.debug('chat answered', fields)),
    logtape: times(() => logtape.debug('chat answered', fields)),
  },
})
if (written === 0) throw new Error('nothing was written')
