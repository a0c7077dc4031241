import { expect, test, vi } from 'vitest'
import { RetryPolicy, isTimeoutError, retry } from '@aplomb/retry'
import { ManualClock, deferred, passing, rejection, settle } from './manual-clock.ts'

test('RetryPolicy: an abort in the backoff does not wait on and call again (cockatiel)', async () => {
  const clock = new ManualClock()
  const controller = new AbortController()
  const fn = vi.fn<() => never>(() => {
    throw passing()
  })
  const thrown = rejection(new RetryPolicy({ clock }).execute(fn, { signal: controller.signal }))
  await settle()
  controller.abort('stop')
  expect(await thrown).toBe('stop')
  await clock.advance(100_000)
  expect(fn).toHaveBeenCalledTimes(1)
})

test('RetryPolicy: an aborted signal starts no call (cockatiel)', async () => {
  const fn = vi.fn<() => void>()
  expect(await rejection(new RetryPolicy().execute(fn, { signal: AbortSignal.abort('early') }))).toBe('early')
  expect(fn).not.toHaveBeenCalled()
})

test("RetryPolicy: the parent's abort is not reported as a timeout (cockatiel)", async () => {
  const controller = new AbortController()
  const policy = new RetryPolicy({ attemptTimeoutMs: 5_000, clock: new ManualClock() })
  const reason = new Error('the user left')
  const thrown = rejection(policy.execute(() => new Promise(() => {}), { signal: controller.signal }))
  controller.abort(reason)
  expect(await thrown).toBe(reason)
})

test('retry: a time limit does not kill the stream that was returned in time (cockatiel)', async () => {
  const clock = new ManualClock()
  const stream = await retry(
    ({ signal }) =>
      new ReadableStream<string>({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason))
        },
        pull(controller) {
          controller.enqueue('chunk')
          controller.close()
        },
      }),
    { clock, attemptTimeoutMs: 10, totalTimeoutMs: 20 },
  )
  await clock.advance(1_000)
  await expect(new Response(stream.pipeThrough(new TextEncoderStream())).text()).resolves.toBe('chunk')
})

test('retry: 2^31 ms do not pass at once (cockatiel)', async () => {
  const clock = new ManualClock()
  const thrown = rejection(
    retry(() => new Promise(() => {}), { clock, maxRetries: 0, attemptTimeoutMs: 2 ** 31, totalTimeoutMs: 2 ** 33 }),
  )
  await clock.advance(2 ** 31)
  expect(isTimeoutError(await thrown)).toBe(true)
  expect(clock.now()).toBe(2 ** 31)
  expect(Math.max(...clock.delays)).toBe(2 ** 31 - 1)
})

test('retry: delays at the cap still differ (p-retry)', async () => {
  const clock = new ManualClock()
  const delays = new Set<number>()
  const random = [0.1, 0.2, 0.3, 0.4, 0.5]
  const thrown = rejection(
    retry(() => Promise.reject(passing()), {
      clock,
      maxRetries: 5,
      initialDelayMs: 1_000,
      maxDelayMs: 1_000,
      random: () => random.pop() ?? 0,
      onRetry: ({ delayMs }) => delays.add(delayMs),
    }),
  )
  await clock.advance(10_000)
  await thrown
  expect([...delays]).toEqual([500, 400, 300, 200, 100])
})

test('retry: no attempt starts at 151 ms under a limit of 150 (p-retry)', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const thrown = rejection(
    retry(
      () => {
        at.push(clock.now())
        throw passing()
      },
      { clock, initialDelayMs: 50, jitter: 'none', totalTimeoutMs: 150 },
    ),
  )
  await clock.advance(1_000)
  await thrown
  expect(at).toEqual([0, 50])
})

test('retry: a committed result is not dropped on a late abort (p-retry)', async () => {
  const controller = new AbortController()
  const { promise, resolve } = deferred<string>()
  const result = retry(() => promise, { signal: controller.signal })
  resolve('committed')
  controller.abort()
  await expect(result).resolves.toBe('committed')
})

test('retry: reject(undefined) does not hang (async-retry)', async () => {
  expect(await rejection(retry(() => Promise.reject(undefined), { initialDelayMs: 0 }))).toBe(undefined)
})

test('retry: an error that is final ends it, and nothing runs on (async-retry: bail)', async () => {
  const clock = new ManualClock()
  const fn = vi.fn<() => never>(() => {
    throw Object.assign(new Error('final'), { retryable: false })
  })
  await rejection(retry(fn, { clock }))
  await clock.advance(100_000)
  expect(fn).toHaveBeenCalledTimes(1)
})

test('retry: there is no sleep on an open breaker (cockatiel)', async () => {
  const clock = new ManualClock()
  const open = Object.assign(new Error('open'), { code: 'CIRCUIT_OPEN', retryable: false, retryAfterMs: 30_000 })
  expect(await rejection(retry(() => Promise.reject(open), { clock }))).toBe(open)
  expect(clock.delays).toEqual([])
})

test("RetryPolicy: one caller's throttling does not slow the others that share the policy (smithy)", async () => {
  const clock = new ManualClock()
  const delays: [string, number][] = []
  const policy = new RetryPolicy({ clock, jitter: 'none', initialDelayMs: 100 })
  const failOnce = (error: Error): (() => number) => {
    let failed = false
    return () => {
      if (failed) return clock.now()
      failed = true
      throw error
    }
  }
  const throttled = policy.execute(failOnce(Object.assign(passing(), { retryAfterMs: 5_000 })))
  const other = policy.execute(failOnce(passing()))
  await clock.advance(5_000)
  delays.push(['throttled', await throttled], ['other', await other])
  expect(delays).toEqual([
    ['throttled', 5_000],
    ['other', 100],
  ])
})
