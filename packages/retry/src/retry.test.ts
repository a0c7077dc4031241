import { expect, test } from 'vitest'
import { failing, ManualClock, passing, rejection } from '../test/manual-clock.ts'
import { isRetryExhaustedError, retry, type RetryEvent } from './index.ts'

const noWait = { initialDelayMs: 0 }

test('retry with maxRetries 3 and no jitter calls four times, 1, 2 and 4 seconds apart, and throws the last error itself', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const errors = [passing('a'), passing('b'), passing('c'), passing('d')]
  const stacks = errors.map(({ stack }) => stack)
  const thrown = rejection(
    retry(
      ({ attempt }) => {
        at.push(clock.now())
        throw errors[attempt - 1]
      },
      { maxRetries: 3, initialDelayMs: 1_000, maxDelayMs: 60_000, backoffFactor: 2, jitter: 'none', clock },
    ),
  )
  await clock.advance(60_000)
  expect(await thrown).toBe(errors[3])
  expect(at).toEqual([0, 1_000, 3_000, 7_000])
  expect(errors.map(({ stack }) => stack)).toEqual(stacks)
  expect(clock.pending).toBe(0)
})

test('retry gives fn the attempt number and the previous error', async () => {
  const error = passing()
  const seen: unknown[] = []
  await retry(({ attempt, previousError }) => {
    seen.push([attempt, previousError])
    if (attempt === 1) throw error
  }, noWait)
  expect(seen).toEqual([
    [1, undefined],
    [2, error],
  ])
})

test("retry with onExhausted 'wrap' throws a RetryExhaustedError with every error when a retry was made", async () => {
  const errors = [passing('a'), passing('b')]
  const thrown = await rejection(
    retry(({ attempt }) => Promise.reject(errors[attempt - 1]), { ...noWait, maxRetries: 1, onExhausted: 'wrap' }),
  )
  expect(thrown).toMatchObject({
    name: 'RetryExhaustedError',
    code: 'RETRY_EXHAUSTED',
    retryable: false,
    attempts: 2,
    errors,
  })
  expect((thrown as Error).cause).toBe(errors[1])
  expect(isRetryExhaustedError(thrown)).toBe(true)
  expect(isRetryExhaustedError(errors[1])).toBe(false)
})

test("retry with onExhausted 'wrap' throws the error itself when no retry was made", async () => {
  const error = passing()
  expect(await rejection(retry(failing(9, error), { maxRetries: 0, onExhausted: 'wrap' }))).toBe(error)
  const final = new Error('final')
  expect(await rejection(retry(failing(9, final), { onExhausted: 'wrap' }))).toBe(final)
})

test("retry with onExhausted 'wrap' remembers the last 100 errors of an endless retry", async () => {
  let calls = 0
  const thrown = await rejection(
    retry(
      () => {
        calls += 1
        throw calls
      },
      { ...noWait, maxRetries: 150, retryIf: () => true, onExhausted: 'wrap' },
    ),
  )
  expect(thrown).toMatchObject({ attempts: 151 })
  expect(isRetryExhaustedError(thrown) && [thrown.errors.length, thrown.errors[0], thrown.errors.at(-1)]).toEqual([
    100, 52, 151,
  ])
})

test('retry with retryResultIf retries a value and returns the last one when attempts run out', async () => {
  const events: RetryEvent[] = []
  const value = await retry(({ attempt }) => ({ status: 503, attempt }), {
    ...noWait,
    maxRetries: 1,
    retryResultIf: (result) => (result as { status: number }).status === 503,
    onRetry: (event) => events.push(event),
  })
  expect(value).toEqual({ status: 503, attempt: 2 })
  expect(events).toEqual([{ attempt: 1, error: { status: 503, attempt: 1 }, delayMs: 0 }])
})

test('retryIf has the last word, over retryable too, and may be asynchronous', async () => {
  const no = Object.assign(new Error('no'), { retryable: false })
  await expect(retry(failing(1, no), { ...noWait, retryIf: () => true })).resolves.toBe('ok')
  await expect(retry(failing(1, no), { ...noWait, retryIf: () => Promise.resolve(true) })).resolves.toBe('ok')
  const yes = passing()
  expect(await rejection(retry(failing(1, yes), { ...noWait, retryIf: () => false }))).toBe(yes)
  expect(await rejection(retry(failing(1, yes), { ...noWait, retryIf: async () => false }))).toBe(yes)
})

test('the context holds the attempt and the previous error as own fields, and nothing that ends the attempt', async () => {
  await retry(
    (context) => {
      expect({ ...context }).toEqual({ attempt: 1, previousError: undefined })
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(context)).sort()).toEqual(['constructor', 'signal'])
    },
    { attemptTimeoutMs: 1_000, clock: new ManualClock() },
  )
})
