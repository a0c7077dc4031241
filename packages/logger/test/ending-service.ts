/** A service that logs to a worker and ends in the way its second argument says; its file is the first. */
import { createLogger } from '@aplomb/logger'

const [, , destination = '', ending = ''] = process.argv
const logger = createLogger({
  service: 'demo',
  level: 'info',
  ...(destination !== 'stdout' && { pino: { transport: { target: 'pino/file', options: { destination } } } }),
})
if (ending === 'sigterm') {
  process.once('SIGTERM', () => {
    logger.info('last')
    void logger.flush().then(() => process.exit(0))
  })
}
for (let index = 0; index < 2_000; index += 1) logger.info('line', { index })

switch (ending) {
  case 'sigterm':
    setInterval(() => undefined, 1_000)
    process.kill(process.pid, 'SIGTERM')
    break
  case 'exit':
    logger.info('last')
    process.exit(0)
    break
  case 'throw':
    logger.info('last')
    throw new Error('uncaught')
  default:
    logger.info('last')
}
