import { createLogger } from '@aplomb/logger'
import { z } from 'zod'
import { startKnowledge } from './start.ts'

const logger = createLogger('knowledge')

const port = z.coerce
  .number()
  .int()
  .min(0)
  .max(65_535)
  .safeParse(process.env.PORT?.trim() || 8081)
if (!port.success) {
  logger.fatal('PORT must be an integer from 0 to 65535')
  // EX_CONFIG of sysexits.h
  process.exit(78)
}

const knowledge = await startKnowledge({
  host: process.env.HOST?.trim() || '127.0.0.1',
  port: port.data,
  onError: (error, requestId) => logger.error('Request failed', { error, request_id: requestId }),
})
logger.info('Listening', { url: knowledge.url })

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // Once: a second signal of the same kind ends the process at once.
  process.once(signal, () => void knowledge.close().then(() => logger.info('Closed')))
}
