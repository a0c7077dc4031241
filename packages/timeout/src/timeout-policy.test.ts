import { expect, test } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { outcomeOf } from '../test/promises.ts'
import { TimeoutError } from './timeout-error.ts'
import { TimeoutPolicy } from './timeout-policy.ts'

const never = new Promise<never>(() => {})

test('TimeoutPolicy keeps the policy protocol: a kind, and execute with a context and a signal', async () => {
  const policy = new TimeoutPolicy({ timeoutMs: 50, clock: new ManualClock() })
  expect(policy.kind).toBe('timeout')
  const caller = new AbortController()
  const call = policy.execute(
    ({ signal }) => {
      expect(signal).toBeInstanceOf(AbortSignal)
      return never
    },
    { signal: caller.signal },
  )
  caller.abort('enough')
  await expect(call).rejects.toBe('enough')
  await expect(policy.execute(() => 'value')).resolves.toBe('value')
  await expect(policy.execute(() => 'value', { signal: undefined })).resolves.toBe('value')
})

test('TimeoutPolicy gives each call its own time', async () => {
  const clock = new ManualClock()
  const policy = new TimeoutPolicy({ timeoutMs: 50, clock, message: 'late' })
  const first = policy.execute(() => never)
  const firstOutcome = outcomeOf(first)
  await clock.advance(30)
  const second = policy.execute(() => never)
  expect(await firstOutcome).toBe('pending')
  clock.advanceNow(20)
  expect(await outcomeOf(first)).toEqual({ error: new TimeoutError(50, 'late') })
  expect(await outcomeOf(second)).toBe('pending')
  clock.advanceNow(30)
  await expect(second).rejects.toThrow('late')
})

test('TimeoutPolicy checks its options when it is made', () => {
  expect(() => new TimeoutPolicy({ timeoutMs: Number.NaN })).toThrow(RangeError)
  expect(() => new TimeoutPolicy({ timeoutMs: -1 })).toThrow('timeoutMs must be a number >= 0, received -1')
  expect(() => new TimeoutPolicy({ timeoutMs: '50' as never })).toThrow(TypeError)
  expect(() => new TimeoutPolicy({ timeoutMs: 50, clock: {} as never })).toThrow(TypeError)
  // @ts-expect-error -- unknown keys do not compile
  expect(new TimeoutPolicy({ timeoutMs: 50, timeout: 50 }).kind).toBe('timeout')
})

test('TimeoutPolicy does not keep the options object', async () => {
  const clock = new ManualClock()
  const options = { timeoutMs: 50, clock }
  const policy = new TimeoutPolicy(options)
  options.timeoutMs = 1_000
  const call = policy.execute(() => never)
  clock.advanceNow(50)
  await expect(call).rejects.toMatchObject({ timeoutMs: 50 })
})
