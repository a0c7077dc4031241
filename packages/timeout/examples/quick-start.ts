import { setTimeout as sleep } from 'node:timers/promises'
import { isTimeoutError, withTimeout } from '@aplomb/timeout'

/** Stands for `fetch(url, { signal })` or any other call that takes a signal. */
const search = (tookMs: number, signal: AbortSignal) => sleep(tookMs, `found in ${tookMs} ms`, { signal })

console.log(await withTimeout(({ signal }) => search(5, signal), { timeoutMs: 200 })) // → found in 5 ms

try {
  await withTimeout(({ signal }) => search(5_000, signal), { timeoutMs: 20 })
} catch (error) {
  if (!isTimeoutError(error)) throw error
  console.log(error.message) // → The call did not settle within 20 ms
}
