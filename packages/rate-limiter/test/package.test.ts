import { expect, test } from 'vitest'
import * as rateLimiter from '@aplomb/rate-limiter'

test('@aplomb/rate-limiter exports what its README names, and nothing else', () => {
  expect(Object.keys(rateLimiter).sort()).toEqual([
    'RateLimitedError',
    'RateLimiter',
    'TokenBucket',
    'isRateLimitedError',
    'systemClock',
  ])
})
