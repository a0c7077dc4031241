import { setTimeout as sleep } from 'node:timers/promises'
import { Deadline, isTimeoutError, withTimeout } from '@aplomb/timeout'

const lookUp = (signal: AbortSignal) => sleep(5, 'looked up', { signal })
const rank = (signal: AbortSignal) => sleep(5_000, 'ranked', { signal })

// #region client
const deadline = Deadline.after(300)
await sleep(20) // some of it is spent here
const headers = { 'x-deadline-ms': deadline.header() }
// #endregion

// #region server
const left = Deadline.fromHeader(headers['x-deadline-ms']) ?? Deadline.after(10_000)
console.log(left.remainingMs <= 280) // → true

try {
  console.log(await withTimeout(({ signal }) => lookUp(signal), { timeoutMs: left.remainingMs })) // → looked up
  console.log(await withTimeout(({ signal }) => rank(signal), { timeoutMs: left.remainingMs }))
} catch (error) {
  if (!isTimeoutError(error)) throw error
  console.log(left.expired) // → true
}
// #endregion
