import { expect, test, vi } from 'vitest'
import { TimeoutPolicy } from '@aplomb/timeout'
import { ManualClock } from './manual-clock.ts'
import { Deferred, outcomeOf } from './promises.ts'

const never = new Promise<never>(() => {})

test('TimeoutPolicy does not report the caller’s abort as a timeout (cockatiel: "timed out after 5000ms")', async () => {
  const policy = new TimeoutPolicy({ timeoutMs: 5_000, clock: new ManualClock() })
  const caller = new AbortController()
  const reason = new Error('the user went away')
  const call = policy.execute(() => never, { signal: caller.signal })
  caller.abort(reason)
  await expect(call).rejects.toBe(reason)
})

test('TimeoutPolicy does not call a function on an aborted signal (cockatiel does)', async () => {
  const policy = new TimeoutPolicy({ timeoutMs: 5_000, clock: new ManualClock() })
  const fn = vi.fn<() => string>(() => 'never called')
  await expect(policy.execute(fn, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone')
  expect(fn).not.toHaveBeenCalled()
})

test('TimeoutPolicy does not kill a returned stream (cockatiel aborts on return)', async () => {
  const clock = new ManualClock()
  const policy = new TimeoutPolicy({ timeoutMs: 5_000, clock })
  const rest = new Deferred<string>()
  const stream = await policy.execute(
    ({ signal }) =>
      new ReadableStream<string>({
        async start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason))
          controller.enqueue(await rest.promise)
          controller.close()
        },
      }),
  )
  await clock.advance(60_000)
  rest.resolve('the rest')
  expect(await stream.getReader().read()).toEqual({ done: false, value: 'the rest' })
})

test.each([2 ** 31, 2 ** 32, 2 ** 40])(
  'TimeoutPolicy does not fire at once with %i ms (cockatiel does)',
  async (timeoutMs) => {
    const clock = new ManualClock()
    const policy = new TimeoutPolicy({ timeoutMs, clock })
    const call = policy.execute(() => never)
    clock.advanceNow(1_000)
    expect(await outcomeOf(call)).toBe('pending')
  },
)

test('TimeoutPolicy does not give up timing above 2^31-1 ms (p-timeout sets no timer then)', async () => {
  const clock = new ManualClock()
  const policy = new TimeoutPolicy({ timeoutMs: 2 ** 31, clock })
  const call = policy.execute(() => never)
  clock.advanceNow(2 ** 31)
  await expect(call).rejects.toMatchObject({ code: 'TIMEOUT' })
})

test('TimeoutPolicy does not drop a committed result on a late abort (p-retry does)', async () => {
  const policy = new TimeoutPolicy({ timeoutMs: 5_000, clock: new ManualClock() })
  const caller = new AbortController()
  const payment = new Deferred<string>()
  const call = policy.execute(() => payment.promise, { signal: caller.signal })
  payment.resolve('paid')
  caller.abort()
  await expect(call).resolves.toBe('paid')
})

test('TimeoutPolicy settles when a function rejects with undefined (async-retry hangs)', async () => {
  const policy = new TimeoutPolicy({ timeoutMs: 5_000, clock: new ManualClock() })
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- that is the case
  await expect(policy.execute(() => Promise.reject(undefined))).rejects.toBeUndefined()
})
