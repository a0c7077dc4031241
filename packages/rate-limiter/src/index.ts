export { systemClock, type Clock } from './clock.ts'
export type { Decision } from './decision.ts'
export type { BucketLimit, Limit, QuotaLimit } from './limit.ts'
export { isRateLimitedError, RateLimitedError } from './rate-limited-error.ts'
export {
  RateLimiter,
  type ExecuteOptions,
  type RateLimiterContext,
  type RateLimiterEvent,
  type RateLimiterEvents,
  type RateLimiterOptions,
  type RateLimiterPolicy,
} from './rate-limiter.ts'
export { TokenBucket, type AcquireOptions, type TokenBucketOptions } from './token-bucket.ts'
