import { setTimeout as sleep } from 'node:timers/promises'
import { idleTimeout, isTimeoutError } from '@aplomb/timeout'

/** Stands for a model that stops in the middle of its answer. */
async function* model(): AsyncGenerator<string> {
  yield 'Your balance '
  await sleep(5)
  yield 'is '
  await sleep(200)
  yield '120.50'
}

// #region streaming
try {
  for await (const token of idleTimeout(model(), { firstMs: 1_000, idleMs: 50 })) {
    console.log(token) // → Your balance
  }
} catch (error) {
  if (!isTimeoutError(error)) throw error
  console.log(error.message) // → The next chunk did not arrive within 50 ms
}
// #endregion
