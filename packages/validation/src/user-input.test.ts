import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { parseUserInput, userInput, validateUserInput, type UserInputOptions } from './user-input.ts'
import { isValidationError } from './validation-error.ts'

const codes = (text: unknown, options?: UserInputOptions): readonly string[] => {
  const result = validateUserInput(text, options)
  return result.ok ? [] : result.issues.map(({ code }) => code)
}

test('validateUserInput gives clean text back as it is', () => {
  expect(validateUserInput("What's my balance?")).toEqual({
    ok: true,
    value: "What's my balance?",
    changes: [],
    findings: [],
  })
})

test('validateUserInput removes, normalises, then trims, and reports each', () => {
  expect(validateUserInput('\u200b  Zu\u0308rich\r\n ')).toMatchObject({
    ok: true,
    value: 'Zürich',
    changes: [
      { kind: 'removed', what: 'zero-width' },
      { kind: 'normalized', what: 'line-end' },
      { kind: 'normalized', what: 'nfc' },
      { kind: 'trimmed', what: 'whitespace', count: 4, firstIndex: 0 },
    ],
  })
})

test('validateUserInput refuses 1 MB of alternating combining marks in less than 50 ms', () => {
  const text = `a${'\u0301\u0323'.repeat(500_000)}`
  validateUserInput('warm \u0301')
  const start = performance.now()
  const result = validateUserInput(text)
  expect(result).toMatchObject({ ok: false, issues: [{ pointer: '', code: 'too_long', limit: 1_000 }] })
  expect(result.findings).toEqual([])
  expect(performance.now() - start).toBeLessThan(50)
})

test('validateUserInput counts after cleaning, so that what is removed costs no room', () => {
  expect(codes(`${'\u200b'.repeat(100)}abc`, { maxLength: 3 })).toEqual([])
  expect(codes('abcd', { maxLength: 3 })).toEqual(['too_long'])
})

test('validateUserInput counts maxLength in code points', () => {
  expect(codes('🙂'.repeat(1_000))).toEqual([])
  expect(codes('🙂'.repeat(1_001))).toEqual(['too_long'])
  expect(codes('a'.repeat(1_001))).toEqual(['too_long'])
})

test.each([
  [{ codePoints: 7 }, { codePoints: 6 }],
  [{ graphemes: 1 }, undefined],
  [{ bytes: 25 }, { bytes: 24 }],
  [{ codeUnits: 11 }, { codeUnits: 10 }],
])('validateUserInput counts in the unit that max names: %j', (fits, tooSmall) => {
  expect(codes('👨‍👩‍👧‍👦', { max: fits })).toEqual([])
  if (tooSmall) expect(codes('👨‍👩‍👧‍👦', { max: tooSmall })).toEqual(['too_long'])
})

test('validateUserInput keeps every limit that is given', () => {
  expect(codes('ééé', { maxLength: 3, max: { bytes: 5 } })).toEqual(['too_long'])
  expect(codes('ééé', { maxLength: 3, max: { bytes: 6 } })).toEqual([])
  expect(codes('a'.repeat(2_000), { max: { bytes: 2_000 } })).toEqual([])
  expect(codes('ab', { max: { graphemes: 1 } })).toEqual(['too_long'])
})

test('validateUserInput counts minLength after trimming', () => {
  expect(codes('')).toEqual(['too_short'])
  expect(codes(' \n\u200b ')).toEqual(['too_short'])
  expect(codes('', { minLength: 0 })).toEqual([])
  expect(codes('  ', { trim: false })).toEqual([])
  expect(codes('🙂', { minLength: 2 })).toEqual(['too_short'])
})

test('validateUserInput with multiline false makes each run of line ends one space', () => {
  expect(validateUserInput('a\r\n\nb\u2028c\n', { multiline: false })).toMatchObject({ value: 'a b c' })
})

test('validateUserInput with trim false keeps white space at the ends', () => {
  expect(validateUserInput(' a\u0000 ', { trim: false })).toMatchObject({ value: ' a ' })
})

test.each([undefined, null, 1, Number.NaN, true, {}, [], ['a'], new String('a'), Symbol('a'), () => 'a', 1n])(
  'validateUserInput makes %s, which is no string, an issue and not an exception',
  (value) => {
    expect(validateUserInput(value)).toEqual({
      ok: false,
      issues: [{ pointer: '', code: 'invalid_type', message: 'must be a string' }],
      findings: [],
    })
    expect(userInput().safeParse(value).success).toBe(false)
  },
)

test.each([
  "O'Brien",
  'select a card from my wallet',
  'drop the union fee; --thanks',
  "x' OR 1=1; DROP TABLE users; --",
])('validateUserInput never refuses or alters prose for looking like SQL: %s', (text) => {
  expect(validateUserInput(text)).toMatchObject({ ok: true, value: text, changes: [] })
})

test('validateUserInput gives findings for what it accepts and for what it refuses', () => {
  expect(validateUserInput("x' OR 1=1").findings).toMatchObject([{ kind: 'sql' }])
  expect(validateUserInput("x' OR 1=1", { maxLength: 3 }).findings).toMatchObject([{ kind: 'sql' }])
  expect(validateUserInput('hi\u{E0068}\u{E0069}').findings).toMatchObject([{ kind: 'tag-smuggling', text: 'hi' }])
})

test('validateUserInput says nothing of the value in its issues', () => {
  const secret = 'correct-horse-battery-staple'
  const result = validateUserInput(secret, { maxLength: 5 })
  expect(JSON.stringify(result)).not.toContain('horse')
})

test('parseUserInput gives the text or throws a ValidationError', () => {
  expect(parseUserInput(' hi ')).toBe('hi')
  try {
    parseUserInput('')
    expect.unreachable()
  } catch (error) {
    expect(isValidationError(error)).toBe(true)
    expect(error).toMatchObject({
      name: 'ValidationError',
      code: 'VALIDATION_FAILED',
      retryable: false,
      status: 422,
      message: 'length in characters must be at least 1',
    })
  }
})

describe('userInput', () => {
  test('userInput composes like any zod schema', () => {
    const schema = z.object({ message: userInput({ maxLength: 5 }), note: userInput().optional() })
    expect(schema.parse({ message: ' hi\u0000 ' })).toEqual({ message: 'hi' })
    expect(schema.safeParse({ message: 'too long' }).error?.issues).toMatchObject([
      { path: ['message'], code: 'custom', params: { code: 'too_long', limit: 5 } },
    ])
    expect(schema.safeParse({}).success).toBe(false)
    expect(userInput().nullable().parse(null)).toBeNull()
    expect(
      userInput()
        .transform((text) => text.length)
        .parse(' a '),
    ).toBe(1)
    expect(z.array(userInput()).parse([' a', 'b '])).toEqual(['a', 'b'])
  })

  test('userInput is a Standard Schema', async () => {
    expect(await userInput()['~standard'].validate(' a ')).toEqual({ value: 'a' })
  })

  test('userInput counts code points, whatever zod counts', () => {
    expect(userInput({ maxLength: 2 }).safeParse('🙂🙂').success).toBe(true)
    expect(userInput({ max: { codeUnits: 2 } }).safeParse('🙂🙂').success).toBe(false)
  })

  test('userInput neither changes nor keeps the options', () => {
    const options = Object.freeze({ max: Object.freeze({ bytes: 3 }) })
    expect(userInput(options).safeParse('abcd').success).toBe(false)
    const mutable = { maxLength: 3 }
    const schema = userInput(mutable)
    mutable.maxLength = 10
    expect(schema.safeParse('abcd').success).toBe(false)
  })
})

const wrong: readonly (readonly [object, typeof RangeError | typeof TypeError, string])[] = [
  [{ maxLength: 0 }, RangeError, 'maxLength must be an integer >= 1, received 0'],
  [{ maxLength: 1.5 }, RangeError, 'maxLength must be an integer >= 1, received 1.5'],
  [{ maxLength: '5' }, TypeError, 'maxLength must be an integer >= 1, received string'],
  [{ minLength: -1 }, RangeError, 'minLength must be an integer >= 0, received -1'],
  [{ max: {} }, TypeError, 'max must name at least one limit, received none'],
  [{ max: null }, TypeError, 'max must be an object of limits, received null'],
  [{ max: { bytes: Infinity } }, RangeError, 'max.bytes must be an integer >= 1, received Infinity'],
  [{ maxLength: 5, minLength: 6 }, RangeError, 'maxLength must be >= minLength (6), received 5'],
  [{ multiline: 'no' }, TypeError, 'multiline must be a boolean, received string'],
  [{ trim: 0 }, TypeError, 'trim must be a boolean, received number'],
  [
    { maxLength: 5, max: { codePoints: 5 } },
    TypeError,
    'maxLength and max.codePoints are the same limit: give one of them, received both',
  ],
]
test.each(wrong)('userInput refuses the options %j', (options, type, message) => {
  const make = (): unknown => userInput(options)
  expect(make).toThrow(type)
  expect(make).toThrow(message)
})
