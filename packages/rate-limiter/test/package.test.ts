import { expect, test } from 'vitest'
import * as rateLimiter from '@aplomb/rate-limiter'
import * as hono from '@aplomb/rate-limiter/hono'

test('@aplomb/rate-limiter exports what its README names, and nothing else', () => {
  expect(Object.keys(rateLimiter).sort()).toEqual([
    'RateLimitedError',
    'RateLimiter',
    'TokenBucket',
    'isRateLimitedError',
    'systemClock',
  ])
})

test('@aplomb/rate-limiter/hono exports what its README names, and nothing else', () => {
  expect(Object.keys(hono).sort()).toEqual(['clientIp', 'rateLimit'])
})
