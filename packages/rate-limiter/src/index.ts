export { systemClock, type Clock } from './clock.ts'
export type { Decision } from './decision.ts'
export { isRateLimitedError, RateLimitedError } from './rate-limited-error.ts'
export { TokenBucket, type AcquireOptions, type BucketLimit, type TokenBucketOptions } from './token-bucket.ts'
