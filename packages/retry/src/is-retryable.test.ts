import { expect, test, vi } from 'vitest'
import { fail } from '../test/manual-clock.ts'
import { isRetryable, retry } from './index.ts'

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

test('isRetryable is false for what throws when it is read, and the call rejects with it', async () => {
  const { proxy, revoke } = Proxy.revocable(new Error('revoked'), {})
  revoke()
  const hostile = Object.defineProperty(new Error('hostile'), 'retryable', { get: fail() })
  const onListenerError = vi.fn<(error: unknown) => void>()
  for (const error of [proxy, hostile]) {
    expect(isRetryable(error)).toBe(false)
    // Compared here: a revoked proxy can be neither the value of a promise nor printed.
    const same = retry(fail(error), { onListenerError }).then(
      () => false,
      (thrown: unknown) => thrown === error,
    )
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await same).toBe(true)
  }
  expect(onListenerError).not.toHaveBeenCalled()
})

test.each([
  { status: 'error', statusCode: 503 },
  { status: 0, response: { status: 503 } },
  { status: null, statusCode: undefined, response: { status: 429 } },
])('isRetryable takes any of the three places of a status: %o', (fields) => {
  expect(isRetryable(Object.assign(new Error('down'), fields))).toBe(true)
})

test.each([TypeError, ReferenceError, SyntaxError, RangeError])(
  'isRetryable is false for a %o, whatever status it carries',
  (ProgrammingError) => {
    expect(isRetryable(Object.assign(new ProgrammingError('bug'), { status: 500 }))).toBe(false)
  },
)
