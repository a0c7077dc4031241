import { expect, test } from 'vitest'
import * as z from 'zod'
import {
  identifier,
  parseSessionId,
  parseUserId,
  sessionId,
  userId,
  validateSessionId,
  validateUserId,
  type IdentifierOptions,
} from './identifier.ts'
import { ValidationError } from './validation-error.ts'

const good = ['a', '0', 'user_42', 'A-b_C', '7f9c2ba4-e88f-11ee-951e-0242ac120002', 'x'.repeat(64)]
const bad = {
  empty: '',
  'too long': 'x'.repeat(65),
  'a trailing newline': 'user\n',
  'a leading space': ' user',
  'a leading dash': '-user',
  'a leading underscore': '_user',
  fullwidth: 'ｕｓｅｒ',
  'a Cyrillic а': 'p\u0430ypal',
  NUL: 'user\u0000',
  'a zero-width space': 'us\u200ber',
  'a decomposed letter': 'e\u0301',
  SQL: "1' OR '1'='1",
  'a path': '../etc/passwd',
  'a template': '${x}',
}

test.each(good)('validateUserId and validateSessionId accept %s, as it came', (id) => {
  for (const result of [validateUserId(id), validateSessionId(id)])
    expect(result).toMatchObject({ ok: true, value: id })
  expect([userId().parse(id), sessionId().parse(id), parseUserId(id), parseSessionId(id)]).toEqual([id, id, id, id])
})

test.each(Object.entries(bad))('validateUserId and validateSessionId refuse %s, and do not repair it', (_, id) => {
  for (const result of [validateUserId(id), validateSessionId(id)]) expect(result.ok).toBe(false)
  for (const schema of [userId(), sessionId()]) expect(schema.safeParse(id).success).toBe(false)
  expect(() => parseUserId(id)).toThrow(ValidationError)
  expect(() => parseSessionId(id)).toThrow(ValidationError)
})

test.each([undefined, null, 7, {}, ['a'], true])('validateUserId makes %s an issue and not an exception', (id) => {
  expect(validateUserId(id)).toMatchObject({ ok: false, issues: [{ pointer: '', code: 'invalid_type' }] })
  expect(userId().safeParse(id).success).toBe(false)
})

test('validateUserId finds look-alikes and SQL in what it refuses', () => {
  expect(validateUserId('p\u0430ypal').findings).toMatchObject([{ kind: 'confusable' }])
  expect(validateUserId("1' OR '1'='1").findings).toMatchObject([{ kind: 'sql' }])
})

test('validateUserId does not repeat the value', () => {
  expect(JSON.stringify(validateUserId('secret value'))).not.toContain('secret')
})

test('identifier has the length and the pattern that were asked for', () => {
  const account = identifier({ min: 4, max: 6, pattern: /[0-9]+/ })
  expect(['1234', '123456'].map((id) => account.safeParse(id).success)).toEqual([true, true])
  expect(['123', '1234567', 'a1234', '1234a', '1234\n'].map((id) => account.safeParse(id).success)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})

test('identifier matches the whole of it, alternatives too', () => {
  const kind = identifier({ min: 1, max: 9, pattern: /a|b/ })
  expect(['a', 'b', 'ab', 'xb'].map((id) => kind.safeParse(id).success)).toEqual([true, true, false, false])
})

test('identifier composes like any zod schema', () => {
  const schema = z.object({ user_id: userId(), session_id: sessionId().optional() })
  expect(schema.parse({ user_id: 'u' })).toEqual({ user_id: 'u' })
  expect(schema.safeParse({ user_id: 'u', session_id: '' }).success).toBe(false)
})

const wrong: readonly (readonly [object, typeof RangeError | typeof TypeError, string])[] = [
  [{ min: 0, max: 5 }, RangeError, 'min must be an integer >= 1, received 0'],
  [{ min: 5, max: 4 }, RangeError, 'max must be an integer >= 5, received 4'],
  [{ min: 1 }, TypeError, 'max must be an integer >= 1, received undefined'],
  [{ min: 1, max: 5, pattern: 'a' }, TypeError, 'pattern must be a RegExp, received string'],
  [{ min: 1, max: 5, pattern: /a/g }, RangeError, 'pattern must not have the flags g, m or y, received g'],
]
test.each(wrong)('identifier refuses the options %j', (options, type, message) => {
  const make = (): unknown => identifier(options as IdentifierOptions)
  expect(make).toThrow(type)
  expect(make).toThrow(message)
})
