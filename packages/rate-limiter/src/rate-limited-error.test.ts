import { expect, test } from 'vitest'
import { isRateLimitedError, RateLimitedError } from './rate-limited-error.ts'

const decision = { allowed: false, limit: 5, remaining: 0, retryAfterMs: 99.5, resetAfterMs: 500 }

test('RateLimitedError carries the rejection protocol and the decision', () => {
  const error = new RateLimitedError(decision)
  expect(error).toMatchObject({
    name: 'RateLimitedError',
    message: 'The rate limit is reached; try again in 100 ms',
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfterMs: 99.5,
    decision,
  })
  expect(new RateLimitedError({ ...decision, limitName: 'daily' }).message).toContain('The rate limit "daily"')
})

test('isRateLimitedError knows the error of another copy of the package, and no other error', () => {
  expect(isRateLimitedError(new RateLimitedError(decision))).toBe(true)
  expect(
    isRateLimitedError(Object.assign(new Error('copy'), { code: 'RATE_LIMITED', retryAfterMs: 99.5, decision })),
  ).toBe(true)
  expect(isRateLimitedError(new Error('other'))).toBe(false)
  expect(isRateLimitedError({ code: 'RATE_LIMITED' })).toBe(false)
})
