import { describe, expect, test } from 'vitest'
import { rejection } from '../test/manual-clock.ts'
import { constant, retry, RetryPolicy, type RetryOptions } from './index.ts'

/** As plain JavaScript passes them. */
const untyped = (options: Record<string, unknown>): RetryOptions => options

describe('RetryPolicy refuses, when it is made (12),', () => {
  test.each([
    [{ maxRetries: Number.NaN }, RangeError, 'maxRetries must be an integer >= 0 or Infinity, received NaN'],
    [{ maxRetries: -1 }, RangeError, 'maxRetries must be an integer >= 0 or Infinity, received -1'],
    [{ maxRetries: 1.5 }, RangeError, 'maxRetries must be an integer >= 0 or Infinity, received 1.5'],
    [{ maxRetries: '3' }, TypeError, 'maxRetries must be an integer >= 0 or Infinity, received 3'],
    [{ initialDelayMs: -1 }, RangeError, 'initialDelayMs must be a finite number >= 0, received -1'],
    [{ initialDelayMs: null }, TypeError, 'initialDelayMs must be a finite number >= 0, received null'],
    [{ maxDelayMs: Infinity }, RangeError, 'maxDelayMs must be a finite number >= 0, received Infinity'],
    [{ backoffFactor: 0.5 }, RangeError, 'backoffFactor must be a finite number >= 1, received 0.5'],
    [{ attemptTimeoutMs: 0 }, RangeError, 'attemptTimeoutMs must be a number > 0, received 0'],
    [{ totalTimeoutMs: Number.NaN }, RangeError, 'totalTimeoutMs must be a number > 0, received NaN'],
    [{ totalTimeoutMs: {} }, TypeError, 'totalTimeoutMs must be a number > 0, received object'],
    [{ jitter: 'some' }, RangeError, 'jitter must be one of none, full, equal, decorrelated, received some'],
    [{ jitter: true }, TypeError, 'jitter must be one of none, full, equal, decorrelated, received true'],
    [{ onExhausted: 'throw' }, RangeError, 'onExhausted must be one of throw-last, wrap, received throw'],
    [{ respectRetryAfter: 1 }, TypeError, 'respectRetryAfter must be a boolean, received 1'],
    [{ waitForRetryAfter: 'no' }, TypeError, 'waitForRetryAfter must be a boolean, received no'],
    [{ retryIf: true }, TypeError, 'retryIf must be a function, received true'],
    [{ random: 0.5 }, TypeError, 'random must be a function, received 0.5'],
    [{ clock: {} }, TypeError, 'clock must be a Clock, received object'],
    [{ budget: 3 }, TypeError, 'budget must be a RetryBudget, received 3'],
    [{ signal: new AbortController() }, TypeError, 'signal must be an AbortSignal, received object'],
    [
      { backoff: constant({ initialDelayMs: 1 }), maxDelayMs: 5 },
      TypeError,
      'maxDelayMs must be absent beside backoff, which replaces it',
    ],
    [
      { jitter: 'decorrelated', backoffFactor: 2 },
      TypeError,
      "backoffFactor must be absent with jitter 'decorrelated', received 2",
    ],
    [
      { waitForRetryAfter: true, respectRetryAfter: false },
      TypeError,
      'waitForRetryAfter must be false where respectRetryAfter is false, received true',
    ],
  ])('%o', (options, Refusal, message) => {
    const make = (): RetryPolicy => new RetryPolicy(untyped(options))
    expect(make).toThrow(Refusal)
    expect(make).toThrow(message)
  })
})

test('retry rejects, rather than throws, for a refused option', async () => {
  expect(await rejection(retry(() => 1, { maxRetries: -1 }))).toBeInstanceOf(RangeError)
})

test('RetryPolicy takes undefined for an option that is absent', async () => {
  const policy = new RetryPolicy({ maxRetries: undefined, backoff: undefined, jitter: undefined, signal: undefined })
  await expect(policy.execute(() => 1, { signal: undefined })).resolves.toBe(1)
})

test('an unknown option does not compile', () => {
  // @ts-expect-error -- `retries` is what other libraries call it
  expect(new RetryPolicy({ retries: 3 }).kind).toBe('retry')
})

test.each([[3], ['x'], [true], [[]], [() => {}], [null]])('RetryPolicy refuses %o for options', async (options) => {
  expect(() => new RetryPolicy(options as never)).toThrow(/^options must be an object, received /)
  expect(await rejection(retry(() => 1, options as never))).toBeInstanceOf(TypeError)
})

test('RetryPolicy refuses waitForRetryAfter beside retryIf, which has the last word', () => {
  expect(() => new RetryPolicy({ retryIf: () => false, waitForRetryAfter: true })).toThrow(
    'waitForRetryAfter must be false beside retryIf, received true',
  )
})
