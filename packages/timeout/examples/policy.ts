import { TimeoutPolicy } from '@aplomb/timeout'

const never = new Promise<never>(() => {})

// #region policy
const tools = new TimeoutPolicy({ timeoutMs: 20, message: 'The tool did not answer in time' })

const calls = await Promise.allSettled([tools.execute(() => 'balance: 120.50'), tools.execute(() => never)])

for (const call of calls) console.log(call.status === 'fulfilled' ? call.value : call.reason.message)
// → balance: 120.50
// → The tool did not answer in time
// #endregion

// #region abort
const browser = new AbortController()
const answer = tools.execute(() => never, { signal: browser.signal })
browser.abort('the tab was closed')

await answer.catch((reason: unknown) => console.log(reason)) // → the tab was closed
// #endregion
