import { expect, test } from 'vitest'
import { fail, failing, ManualClock, rejection } from '../test/manual-clock.ts'
import { retry, type RetryEvent } from './index.ts'

const oneRetry = { maxRetries: 1, initialDelayMs: 0 }
const unavailable = (): Response => new Response(null, { status: 503, headers: { 'retry-after': '7' } })

test('retry throws an error with retryable false at once: no wait at all', async () => {
  const clock = new ManualClock()
  const open = Object.assign(new Error('open'), { code: 'CIRCUIT_OPEN', retryable: false, retryAfterMs: 500 })
  expect(await rejection(retry(failing(1, open), { clock }))).toBe(open)
  expect(clock.delays).toEqual([])
})

test('retry with waitForRetryAfter waits for it when it fits the total timeout', async () => {
  const clock = new ManualClock()
  const open = Object.assign(new Error('open'), { retryable: false, retryAfterMs: 500 })
  const options = { clock, initialDelayMs: 0, waitForRetryAfter: true }
  const result = retry(failing(1, open), { ...options, totalTimeoutMs: 501 })
  await clock.advance(500)
  await expect(result).resolves.toBe('ok')
  expect(await rejection(retry(failing(1, open), { ...options, totalTimeoutMs: 500 }))).toBe(open)
  expect(clock.pending).toBe(0)
})

test('retry waits as long as Retry-After asks, longer than maxDelayMs too, but not past the total timeout', async () => {
  const clock = new ManualClock()
  const busy = Object.assign(new Error('busy'), { retryable: true, retryAfterMs: 90_000 })
  const delays: number[] = []
  const options = { clock, onRetry: ({ delayMs }: RetryEvent) => void delays.push(delayMs) }
  const result = retry(failing(1, busy), options)
  await clock.advance(90_000)
  await expect(result).resolves.toBe('ok')
  expect(delays).toEqual([90_000])
  expect(await rejection(retry(failing(1, busy), { ...options, totalTimeoutMs: 60_000 }))).toBe(busy)
  expect(clock.pending).toBe(0)
})

test('retry takes the Retry-After of a refused Response, unless respectRetryAfter is false', async () => {
  const clock = new ManualClock()
  const delays: number[] = []
  const options = {
    clock,
    maxRetries: 1,
    initialDelayMs: 1,
    retryResultIf: (value: unknown) => value instanceof Response && value.status === 503,
    onRetry: ({ delayMs }: RetryEvent) => void delays.push(delayMs),
  }
  const first = retry(unavailable, options)
  await clock.advance(7_000)
  await expect(first).resolves.toMatchObject({ status: 503 })
  const second = retry(unavailable, { ...options, jitter: 'none', respectRetryAfter: false })
  await clock.advance(7_000)
  await second
  expect(delays).toEqual([7_000, 1])
})

const delayFor = async (fields: object): Promise<number | undefined> => {
  const clock = new ManualClock()
  let told: number | undefined
  const error = Object.assign(new Error('busy'), { status: 503 }, fields)
  const thrown = rejection(retry(fail(error), { ...oneRetry, clock, onRetry: ({ delayMs }) => void (told = delayMs) }))
  await clock.advance(10_000)
  expect(await thrown).toBe(error)
  return told
}

test.each([
  ['a name in capitals', { headers: { 'Retry-After': '5' } }],
  ['an array', { headers: { 'retry-after': ['5', '6'] } }],
  ['the response beside empty headers', { headers: {}, response: { headers: new Headers({ 'retry-after': '5' }) } }],
  ['a Map', { headers: new Map([['retry-after', '5']]) }],
])('retry reads it from %s', async (_, fields) => {
  expect(await delayFor(fields)).toBe(5_000)
})

test('retryAfterMs Infinity means never: no retry', async () => {
  expect(await delayFor({ retryAfterMs: Infinity })).toBeUndefined()
})
