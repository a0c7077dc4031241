import { RateLimiter } from '@aplomb/rate-limiter'

// #region shadow
const limiter = new RateLimiter({ limits: { rate: 1, capacity: 1 }, shadow: true })
limiter.on('denied', ({ key, decision }) => {
  console.log(`would deny ${key}, limit ${decision.limit}`) // → would deny alice, limit 1
})

limiter.tryAcquire('alice')
console.log(limiter.tryAcquire('alice')) // → true
// #endregion
