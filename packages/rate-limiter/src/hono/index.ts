export { clientIp, type ClientIpOptions } from './client-ip.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
