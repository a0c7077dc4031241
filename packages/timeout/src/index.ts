export { systemClock, type Clock } from './clock.ts'
export { isTimeoutError, TimeoutError } from './timeout-error.ts'
export { withTimeout, type TimeoutContext, type TimeoutOptions } from './with-timeout.ts'
