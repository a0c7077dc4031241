import { CircuitBreaker } from '@aplomb/circuit-breaker'
import { fallback, pipeline } from '@aplomb/pipeline'
import { RetryPolicy } from '@aplomb/retry'
import { TimeoutPolicy } from '@aplomb/timeout'

const rates = pipeline([
  fallback({ to: () => 'yesterday’s rates' }),
  new TimeoutPolicy({ timeoutMs: 2_000 }), // the whole call
  new RetryPolicy({ maxRetries: 3, initialDelayMs: 50 }),
  new CircuitBreaker({ failureThreshold: 2, openDurationMs: 30_000 }),
  new TimeoutPolicy({ timeoutMs: 500 }), // each attempt
])
const url = 'http://127.0.0.1:9/rates' // nobody listens there
console.log(await rates.execute(async ({ signal }) => (await fetch(url, { signal })).text())) // → yesterday’s rates
