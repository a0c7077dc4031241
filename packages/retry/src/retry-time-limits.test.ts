import { expect, test, vi } from 'vitest'
import {
  busy,
  countingSignal,
  fail,
  failing,
  ManualClock,
  never,
  passing,
  rejection,
  settle,
} from '../test/manual-clock.ts'
import { isTimeoutError, retry, TimeoutError, type RetryContext } from './index.ts'

const oneRetry = { maxRetries: 1, initialDelayMs: 0 }

test('retry does not begin a wait that would cross the total deadline: the last error is thrown at once', async () => {
  const clock = new ManualClock()
  const error = passing()
  const fn = vi.fn<() => never>(() => {
    throw error
  })
  const thrown = rejection(retry(fn, { clock, jitter: 'none', initialDelayMs: 100, totalTimeoutMs: 300 }))
  await clock.advance(100)
  expect(await thrown).toBe(error)
  expect(fn).toHaveBeenCalledTimes(2)
  expect(clock.pending).toBe(0)
})

test('retry starts nothing at or after the total deadline, even when a timer is late', async () => {
  const clock = new ManualClock()
  const error = passing()
  const fn = vi.fn<() => never>(() => {
    throw error
  })
  const thrown = rejection(retry(fn, { clock, jitter: 'none', initialDelayMs: 100, totalTimeoutMs: 300 }))
  await settle()
  clock.stall(300)
  await clock.advance(0)
  expect(await thrown).toBe(error)
  expect(fn).toHaveBeenCalledTimes(1)
})

test('retry retries an attempt that timed out, and aborts its signal with the TimeoutError', async () => {
  const clock = new ManualClock()
  const signals: AbortSignal[] = []
  const result = retry(
    ({ attempt, signal }) => {
      signals.push(signal)
      return attempt === 1 ? new Promise<string>(() => {}) : 'ok'
    },
    { clock, attemptTimeoutMs: 50, initialDelayMs: 0 },
  )
  await clock.advance(50)
  await expect(result).resolves.toBe('ok')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  expect(signals[0]?.reason).toMatchObject({
    name: 'TimeoutError',
    code: 'TIMEOUT',
    scope: 'attempt',
    retryable: true,
    timeoutMs: 50,
  })
  expect(clock.pending).toBe(0)
})

test('retry throws the attempt timeout itself when attempts run out, whatever fn says about it', async () => {
  const clock = new ManualClock()
  const thrown = rejection(
    retry(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('mine')))),
      { clock, attemptTimeoutMs: 50, maxRetries: 0 },
    ),
  )
  await clock.advance(50)
  const error = await thrown
  expect(isTimeoutError(error) && error.scope).toBe('attempt')
})

test('retry does not retry the total timeout', async () => {
  const clock = new ManualClock()
  const first = passing()
  const retryIf = vi.fn<() => boolean>(() => true)
  const thrown = rejection(
    retry(({ attempt }) => (attempt === 1 ? Promise.reject(first) : new Promise(() => {})), {
      clock,
      retryIf,
      initialDelayMs: 0,
      attemptTimeoutMs: 80,
      totalTimeoutMs: 50,
    }),
  )
  await clock.advance(50)
  const error = await thrown
  expect(error).toMatchObject({ code: 'TIMEOUT', scope: 'total', retryable: false, timeoutMs: 50 })
  expect((error as Error).cause).toBe(first)
  expect(retryIf).toHaveBeenCalledTimes(1)
  expect(clock.pending).toBe(0)
})

test('the total timeout ends a retryIf that does not answer', async () => {
  const clock = new ManualClock()
  const options = { clock, totalTimeoutMs: 50, retryIf: () => new Promise<boolean>(() => {}) }
  const thrown = rejection(retry(failing(1), options))
  await clock.advance(50)
  const error = await thrown
  expect(isTimeoutError(error) && error.scope).toBe('total')
})

test('retry neither aborts the signal nor leaves a timer when fn settles, so a Response can be read afterwards', async () => {
  const clock = new ManualClock()
  const { controller, listeners } = countingSignal()
  let seen: AbortSignal | undefined
  await retry(({ signal }) => void (seen = signal), { clock, signal: controller.signal, attemptTimeoutMs: 50 })
  expect([clock.pending, listeners()]).toEqual([0, 0])
  await clock.advance(1_000)
  expect(seen?.aborted).toBe(false)
  controller.abort('stop reading')
  expect(seen?.aborted, 'the call has settled').toBe(false)
})

test('the abort of the caller is its own reason, never a timeout, and a signal read late is aborted already', async () => {
  const clock = new ManualClock()
  const controller = new AbortController()
  let context: RetryContext | undefined
  const options = { clock, signal: controller.signal, attemptTimeoutMs: 5_000 }
  const thrown = rejection(retry((given) => ((context = given), new Promise(() => {})), options))
  controller.abort('parent')
  expect(await thrown).toBe('parent')
  expect(context?.signal.reason).toBe('parent')

  const late = rejection(
    retry((given) => ((context = given), new Promise(() => {})), { clock, attemptTimeoutMs: 5, maxRetries: 0 }),
  )
  await clock.advance(5)
  expect(context?.signal.reason).toBe(await late)
})

test('context.signal is there without options, and is the very signal of the caller when nothing is timed', async () => {
  const { signal } = new AbortController()
  expect(await retry((context) => context.signal === context.signal && context.signal.aborted)).toBe(false)
  expect(await retry((context) => context.signal === signal, { signal })).toBe(true)
})

test('retry waits longer than 2^31-1 ms without firing early', async () => {
  const clock = new ManualClock()
  const fn = vi.fn<() => string>(failing(1))
  const result = retry(fn, { clock, jitter: 'none', initialDelayMs: 2 ** 31, maxDelayMs: 2 ** 32 })
  await clock.advance(2 ** 31 - 1)
  expect(fn).toHaveBeenCalledTimes(1)
  await clock.advance(1)
  await expect(result).resolves.toBe('ok')
  expect(Math.max(...clock.delays)).toBeLessThan(2 ** 31)
})

test('TimeoutError is there at run time, so that instanceof can be used', async () => {
  const clock = new ManualClock()
  const thrown = rejection(retry(never, { clock, totalTimeoutMs: 5 }))
  await clock.advance(5)
  expect(await thrown).toBeInstanceOf(TimeoutError)
})

test('attempts that all time out do not chain their errors as causes', async () => {
  const clock = new ManualClock()
  const options = { clock, initialDelayMs: 0, maxRetries: 100, attemptTimeoutMs: 1 }
  const thrown = rejection(retry(({ attempt }) => (attempt === 1 ? Promise.reject(busy) : never()), options))
  await clock.advance(100)
  const error = await thrown
  expect(isTimeoutError(error) && error.cause).toBe(busy)
})

test('fn is not called when the total deadline has passed before it could be', async () => {
  let now = 0
  const clock = { now: () => (now += 1), setTimeout: () => expect.unreachable(), clearTimeout: () => {} }
  const fn = vi.fn<() => void>()
  expect(await rejection(retry(fn, { clock, totalTimeoutMs: 1 }))).toMatchObject({ scope: 'total' })
  expect(fn).not.toHaveBeenCalled()
})

test('no timer is started with a negative delay, and an answer of retryIf that is there is heard', async () => {
  const clock = new ManualClock()
  const fn = (): never => {
    clock.stall(30)
    throw busy
  }
  expect(await rejection(retry(fn, { clock, totalTimeoutMs: 20, retryIf: async () => true }))).toBe(busy)
  expect(Math.min(...clock.delays)).toBe(0)
})

test('the platform clock rounds a delay up, since its timers cut off what is behind the point', async () => {
  const start = vi.spyOn(globalThis, 'setTimeout')
  await retry(({ attempt }) => (attempt === 1 ? fail(Object.assign(passing(), { retryAfterMs: 1.2 }))() : 1), oneRetry)
  expect(start.mock.calls.map(([, ms]) => ms)).toContain(2)
  start.mockRestore()
})
