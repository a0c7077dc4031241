export { requestLogger, type RequestLoggerEnv, type RequestLoggerOptions } from './request-logger.ts'
