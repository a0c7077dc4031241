import { setTimeout as sleep } from 'node:timers/promises'
import { Deadline, withTimeout } from '@aplomb/timeout'

// #region client
const deadline = Deadline.after(100)
await sleep(20) // some of it is spent
const headers = new Headers({ 'x-deadline-ms': deadline.header() })
// #endregion

// #region server
const left = Deadline.fromHeader(headers.get('x-deadline-ms')) ?? Deadline.after(10_000)
console.log(left.remainingMs <= 80) // → true

for (const step of ['look up', 'rank', 'summarise']) {
  if (left.expired) break
  try {
    console.log(await withTimeout(() => sleep(30, step), { timeoutMs: left.remainingMs })) // → look up
  } catch {
    console.log(`no time left to ${step}`) // → no time left to summarise
  }
}
// #endregion
