import { createLogger } from '@aplomb/logger'

// #region shutdown
const logger = createLogger({
  service: 'shop',
  pino: { transport: { target: 'pino/file', options: { destination: 1 } } }, // a worker writes
})
process.once('SIGTERM', () => {
  logger.info('stopping')
  void logger.flush().then(() => process.exit(0))
})
// #endregion
process.kill(process.pid, 'SIGTERM')
setTimeout(() => undefined, 5_000)
// → "msg":"stopping"
