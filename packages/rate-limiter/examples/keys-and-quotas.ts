import { isRateLimitedError, RateLimiter } from '@aplomb/rate-limiter'

// #region limiter
const limiter = new RateLimiter({
  limits: [
    { name: 'burst', rate: 2, capacity: 3 },
    { name: 'day', quota: 1000, windowMs: 86_400_000 },
  ],
  limitsFor: (key) => (key.startsWith('gold:') ? { name: 'gold', rate: 100, capacity: 500 } : undefined),
})

console.log(limiter.tryAcquire('alice', 3)) // → true
const { allowed, limitName, remaining } = await limiter.check('alice', 2)
console.log(allowed, limitName, remaining) // → false burst 0
console.log(limiter.tryAcquire('gold:bob', 400)) // → true
// #endregion

// #region execute
try {
  await limiter.execute(() => 'never called', { key: 'alice' })
} catch (error) {
  if (!isRateLimitedError(error)) throw error
  console.log(`${error.code}: ${error.retryAfterMs > 0}`) // → RATE_LIMITED: true
}

const answer = await limiter.execute(() => 'called after a wait', { key: 'alice', timeoutMs: 2000 })
console.log(answer) // → called after a wait
// #endregion
