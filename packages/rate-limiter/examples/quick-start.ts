import { TokenBucket } from '@aplomb/rate-limiter'

const bucket = new TokenBucket({ rate: 5, capacity: 2 }) // 5 a second, bursts of 2

console.log(bucket.tryAcquire(2)) // → true
console.log(bucket.tryAcquire()) // → false

const inTime = await bucket.acquire(1, { timeoutMs: 500 })
console.log(`waited, ${inTime}`) // → waited, true

const tooLate = await bucket.acquire(2, { timeoutMs: 5 })
console.log(`told at once, ${tooLate}`) // → told at once, false
