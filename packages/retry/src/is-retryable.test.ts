import { expect, test } from 'vitest'
import { isRetryable } from './index.ts'

const withFields = (fields: object): Error => Object.assign(new Error('failed'), fields)

test.each([
  withFields({ retryable: true, status: 400 }),
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET'].map((code) =>
    withFields({ code }),
  ),
  new TypeError('fetch failed', { cause: withFields({ code: 'ECONNREFUSED' }) }),
  ...[408, 425, 429, 500, 502, 503, 504].map((status) => withFields({ status })),
  withFields({ statusCode: 503 }),
  withFields({ response: { status: 429 } }),
  new DOMException('late', 'TimeoutError'),
  withFields({ code: 'TIMEOUT' }),
])('isRetryable is true for errors that pass: %o', (error) => {
  expect(isRetryable(error)).toBe(true)
})

test.each([
  withFields({ retryable: false, status: 503 }),
  withFields({ code: 'ENOTFOUND' }),
  withFields({ code: 'UND_ERR_ABORTED' }),
  withFields({ code: 'UND_ERR_INVALID_ARG' }),
  new TypeError('fetch failed', { cause: withFields({ code: 'UND_ERR_INVALID_ARG' }) }),
  new TypeError('x is not a function'),
  new ReferenceError('x is not defined'),
  ...[200, 400, 401, 403, 404, 409, 422, 501].map((status) => withFields({ status })),
  withFields({ response: null }),
  new DOMException('stopped', 'AbortError'),
  new Error('plain'),
  undefined,
  null,
  'ECONNRESET',
  503,
])('isRetryable is false for everything else: %o', (error) => {
  expect(isRetryable(error)).toBe(false)
})
