import { isTimeoutError, withTimeout } from '@aplomb/timeout'

try {
  await withTimeout(() => new Promise(() => {}), { timeoutMs: 20 })
} catch (error) {
  if (!isTimeoutError(error)) throw error
  console.log(error.message) // → The call did not settle within 20 ms
}
