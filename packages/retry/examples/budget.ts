import { RetryBudget, RetryPolicy } from '@aplomb/retry'

let calls = 0
const down = async (): Promise<never> => {
  calls += 1
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
}

// #region budget
const budget = new RetryBudget({ ratio: 0.1, minRetries: 10 })
const policy = new RetryPolicy({ budget, initialDelayMs: 1 })

await Promise.allSettled(Array.from({ length: 1_000 }, () => policy.execute(down)))
console.log(`${calls} calls instead of 4000`) // → 1110 calls instead of 4000
// #endregion
