import { expect, test } from 'vitest'
import { withTimeout } from './with-timeout.ts'

test('withTimeout gives the value of a call that settles in time', async () => {
  await expect(withTimeout(() => 42, { timeoutMs: 10 })).resolves.toBe(42)
})
