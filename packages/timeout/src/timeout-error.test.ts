import { expect, test } from 'vitest'
import { isTimeoutError, TimeoutError } from './timeout-error.ts'

test('TimeoutError keeps the rejection protocol', () => {
  const error = new TimeoutError(50)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'TimeoutError',
    code: 'TIMEOUT',
    retryable: true,
    timeoutMs: 50,
    message: 'The call did not settle within 50 ms',
  })
})

test('isTimeoutError knows a TimeoutError, and one of another copy of the package, by its code', () => {
  expect(isTimeoutError(new TimeoutError(50))).toBe(true)
  expect(isTimeoutError(Object.assign(new Error('of another copy'), { code: 'TIMEOUT', timeoutMs: 50 }))).toBe(true)
})

test('isTimeoutError turns away the platform’s TimeoutError, other errors and what is no error', () => {
  for (const other of [
    new DOMException('of AbortSignal.timeout', 'TimeoutError'),
    Object.assign(new Error('of a socket'), { code: 'ETIMEDOUT' }),
    new Error('plain'),
    undefined,
    null,
    'TIMEOUT',
  ]) {
    expect(isTimeoutError(other)).toBe(false)
  }
})
