import { pino } from 'pino'
import { z } from 'zod'
import { startKnowledge } from './start.ts'

const log = pino({ name: 'knowledge' })

const port = z.coerce
  .number()
  .int()
  .min(0)
  .max(65_535)
  .safeParse(process.env.PORT?.trim() || 8081)
if (!port.success) {
  log.fatal('PORT must be an integer from 0 to 65535')
  // EX_CONFIG of sysexits.h
  process.exit(78)
}

const knowledge = await startKnowledge({
  host: process.env.HOST?.trim() || '127.0.0.1',
  port: port.data,
  onError: (error, requestId) => log.error({ err: error, request_id: requestId }, 'request failed'),
})
log.info({ url: knowledge.url }, 'listening')

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // Once: a second signal of the same kind ends the process at once.
  process.once(signal, () => void knowledge.close().then(() => log.info('closed')))
}
