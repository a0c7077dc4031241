import { RateLimiter } from '@aplomb/rate-limiter'
import { clientIp, rateLimit } from '@aplomb/rate-limiter/hono'
import { Hono } from 'hono'

// #region app
const limiter = new RateLimiter({ limits: { name: 'api', rate: 1, capacity: 2 } })

const app = new Hono()
app.use('/api/*', rateLimit({ limiter, key: clientIp({ trustedHops: 1 }) }))
app.get('/api/hello', (c) => c.text('hello'))
// #endregion

const headers = { 'x-forwarded-for': '203.0.113.7' }
const first = await app.request('/api/hello', { headers })
console.log(first.status, first.headers.get('ratelimit')) // → 200 "api";r=1;t=1
await app.request('/api/hello', { headers })
const denied = await app.request('/api/hello', { headers })
console.log(denied.status, denied.headers.get('retry-after')) // → 429 1
