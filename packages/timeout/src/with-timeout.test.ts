import { expect, test } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { TimeoutError } from './timeout-error.ts'
import { withTimeout } from './with-timeout.ts'

test('withTimeout gives the value of a call that settles in time', async () => {
  await expect(withTimeout(() => 42, { timeoutMs: 10 })).resolves.toBe(42)
})

test('withTimeout rejects with a TimeoutError when the time is up', async () => {
  const clock = new ManualClock()
  const call = withTimeout(() => new Promise(() => {}), { timeoutMs: 50, clock })
  call.catch(() => {})
  await clock.advance(50)
  await expect(call).rejects.toThrow(new TimeoutError(50))
  expect(clock.armed).toBe(0)
})
