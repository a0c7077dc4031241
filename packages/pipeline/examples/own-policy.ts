import { isPipelineOrderError, pipeline, type Policy, type PolicyContext } from '@aplomb/pipeline'

// #region policy
// Anything with `execute` is a policy. What it puts into the context arrives in `fn`, with its type.
const retry: Policy<PolicyContext & { readonly attempt: number }> = {
  kind: 'retry',
  async execute(fn, { signal = new AbortController().signal } = {}) {
    try {
      return await fn({ signal, attempt: 1 })
    } catch {
      signal.throwIfAborted()
      return fn({ signal, attempt: 2 })
    }
  },
}

const breaker: Policy = {
  kind: 'circuit-breaker',
  name: 'payments',
  execute: async (fn, { signal = new AbortController().signal } = {}) => fn({ signal }),
}

const call = pipeline([retry, breaker])
const answer = await call.execute(async ({ attempt, signal }) => {
  if (attempt === 1) throw new Error('not yet')
  return `attempt ${attempt}, aborted: ${signal.aborted}`
})
console.log(answer) // → attempt 2, aborted: false
// #endregion

// #region order
try {
  pipeline([breaker, retry])
} catch (error) {
  if (!isPipelineOrderError(error)) throw error
  console.log(error.rule) // → breaker-outside-retry
  console.log(error.message.split(': ')[0]) // → policies[1] (retry) is inside policies[0] (circuit-breaker "payments")
}

pipeline([breaker, retry], { allow: ['breaker-outside-retry'] }) // when you know that it is right
// #endregion

// #region wrap
const account = {
  balance: 100,
  withdraw: call.wrap(async function (this: { balance: number }, amount: number) {
    this.balance -= amount
    return this.balance
  }),
}
console.log(await account.withdraw(30)) // → 70
// #endregion
