import { cleanText, parseUserInput, userInput, validateUserInput } from '@aplomb/validation'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

/** What the rules are about: invisible characters, and the letters and emoji that may keep them, by code point. */
const characters = [
  '200D 200C FE0F FE0E FE00 E0100 200E 200F 061C 202E 180B 180E 180F E0067 E0062 E0065 E006E E007F 2060 3164 00AD',
  '1F3F4 1F469 1F3FD 1F680 2194 0338 2764 0031 0023 20E3 0915 094D 093C 0951 0958 09B0 09CD 0E19 0645 06CC 064B 05D0',
  '182A 845B F900 0301 0323 0334 0061 0020 000A 000D 0009 0085 2028 0000 D83D DC69 FFFF 1FFFE 1112 1161 11AB 212B',
].flatMap((line) => line.split(' ').map((hex) => String.fromCodePoint(Number.parseInt(hex, 16))))

const awkward = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...characters) },
      fc.constantFrom('🏴󠁧󠁢󠁥󠁮󠁧󠁿', '\u0301\u0323'.repeat(16)),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''))

test('cleanText of cleaned text changes nothing and says so', () => {
  fc.assert(
    fc.property(awkward, (text) => {
      const { value } = cleanText(text)
      expect(cleanText(value)).toEqual({ value, changes: [] })
    }),
    { numRuns: 5_000 },
  )
})

test('cleanText reports a change exactly when it changes something', () => {
  fc.assert(
    fc.property(awkward, (text) => {
      const { value, changes } = cleanText(text)
      expect(changes.length > 0).toBe(value !== text)
    }),
    { numRuns: 2_000 },
  )
})

test('cleanText leaves no control but tab and LF, no lone surrogate, no bidi override and no noncharacter', () => {
  fc.assert(
    fc.property(awkward, (text) => {
      const { value } = cleanText(text)
      expect(value).not.toMatch(
        /(?![\t\n])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069\u200B\uFEFF]/u,
      )
    }),
    { numRuns: 2_000 },
  )
})

const options = fc.record({ multiline: fc.boolean(), trim: fc.boolean(), minLength: fc.constant(0) })

test('parseUserInput accepts its own output and gives it back, with every option', () => {
  fc.assert(
    fc.property(awkward, options, (text, chosen) => {
      const once = parseUserInput(text, chosen)
      expect(validateUserInput(once, chosen)).toMatchObject({ ok: true, value: once, changes: [] })
    }),
    { numRuns: 3_000 },
  )
})

test('userInput, the schema, and validateUserInput come to the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(awkward, fc.string(), fc.anything()),
      options,
      fc.integer({ min: 1, max: 20 }),
      (text, rest, max) => {
        const chosen = { ...rest, maxLength: max }
        const plain = validateUserInput(text, chosen)
        const schema = userInput(chosen).safeParse(text)
        expect(schema.success).toBe(plain.ok)
        if (schema.success && plain.ok) expect(schema.data).toBe(plain.value)
      },
    ),
    { numRuns: 2_000 },
  )
})
