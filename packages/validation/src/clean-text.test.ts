import { describe, expect, test } from 'vitest'
import { cleanText } from './clean-text.ts'

const keeps: readonly (readonly [string, string])[] = [
  ['tab and LF', 'a\tb\nc'],
  ['ZWJ inside emoji', '👩‍💻 👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥 👨‍🦰'],
  ['ZWNJ inside Persian words', 'می‌خواهم کتاب‌ها'],
  ['ZWJ and ZWNJ inside Indic words', 'क्‍ष दर्‍या र‍्या র‍্যাব రామ్‌గోపాల్ ශ්‍රී'],
  ['ZWJ after a final virama', 'അവന്‍'],
  ['VS15 and VS16 after emoji', '✔︎ ✔️ 1️⃣ #️⃣ ©️'],
  ['variation selectors after Han', '葛󠄀 㐂\uFE00'],
  ['Mongolian variation and vowel separators', '\u182A\u180B \u1828\u180E\u1820'],
  ['RLM and LRM in right-to-left text', 'שילמתי 50\u200f% ל-\u200eACME'],
  ['the RGI subdivision flags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
  ['no-break spaces and dashes', 'a\u00a0b\u202f— “c”'],
]
test.each(keeps)('cleanText keeps %s', (_, text) => {
  expect(cleanText(text)).toEqual({ value: text, changes: [] })
})

const removes: readonly (readonly [string, string, string, number, number])[] = [
  ['C0 and C1 controls', 'a\u0000b\u001b\u007f\u009f', 'control', 4, 1],
  ['bidi overrides and isolates', 'a\u202eb\u202c\u2066\u2069', 'bidi', 4, 1],
  ['direction marks in left-to-right text', 'ab\u200e\u200f', 'bidi', 2, 2],
  ['a second direction mark in a row', 'א\u200f\u200fב', 'bidi', 1, 2],
  ['zero-width characters', 'p\u200ba\u200cy\u200dp\u2060al\ufeff', 'zero-width', 5, 1],
  ['joiners beside emoji or letters that need none', '👍\u200d 👍\u200da\u200c', 'zero-width', 3, 2],
  ['Unicode tags', 'hi\u{E0041}\u{E0042}', 'tag', 2, 2],
  ['tags after the tags of a flag', '🏴󠁧󠁢󠁥󠁮󠁧󠁿\u{E0041}', 'tag', 1, 14],
  ['lone surrogates', 'a\ud800b\udc00', 'surrogate', 2, 1],
  ['noncharacters', 'a\ufdd0\uffff\u{10ffff}', 'noncharacter', 3, 1],
  ['variation selectors elsewhere', 'a\ufe0f1\ufe0f\u{E0100}\ufe01', 'variation-selector', 4, 1],
  ['a second variation selector in a row', '✔️\ufe0f', 'variation-selector', 1, 2],
  ['other default-ignorables', 'a\u00adb\u034fc\u3164d\u115f', 'default-ignorable', 4, 1],
]
test.each(removes)('cleanText removes %s and reports it', (_, text, what, count, firstIndex) => {
  const { changes, value } = cleanText(text)
  expect(changes).toEqual([{ kind: 'removed', what, count, firstIndex }])
  expect(value.length).toBeLessThan(text.length)
})

test('cleanText makes CR LF, lone CR, VT, FF, U+0085, U+2028 and U+2029 a LF', () => {
  expect(cleanText('a\r\nb\rc\u000bd\u000ce\u0085f\u2028g\u2029h\n')).toEqual({
    value: 'a\nb\nc\nd\ne\nf\ng\nh\n',
    changes: [{ kind: 'normalized', what: 'line-end', count: 7, firstIndex: 1 }],
  })
})

test('cleanText normalises to NFC after removing, and reports it', () => {
  expect(cleanText('Zu\u200b\u0308rich')).toEqual({
    value: 'Zürich',
    changes: [
      { kind: 'removed', what: 'zero-width', count: 1, firstIndex: 2 },
      { kind: 'normalized', what: 'nfc', count: 1, firstIndex: 1 },
    ],
  })
})

test('cleanText reports every kind of change once, with its count', () => {
  expect(cleanText('\u0000a\u0000\u200b').changes).toEqual([
    { kind: 'removed', what: 'control', count: 2, firstIndex: 0 },
    { kind: 'removed', what: 'zero-width', count: 1, firstIndex: 3 },
  ])
})

describe('cleanText takes linear time', () => {
  const million = 1_000_000
  const hostile: readonly (readonly [string, string])[] = [
    ['alternating combining marks', `a${'\u0301\u0323'.repeat(million / 2)}`],
    ['alternating joiners and marks', `\u0915${'\u200d\u0301'.repeat(million / 10)}`],
    ['direction marks without right-to-left text', '\u200e'.repeat(million / 10)],
  ]
  test.each(hostile)('for %s', (_, text) => {
    const start = performance.now()
    cleanText(text)
    // Quadratic would be minutes; this leaves room for a slow machine.
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})
