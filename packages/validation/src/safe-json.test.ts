import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeJson, type JsonLimits } from './safe-json.ts'

const codeOf = (text: string | Uint8Array, limits?: JsonLimits): string | undefined => {
  const result = safeJson(text, limits)
  return result.ok ? undefined : result.issues[0]?.code
}

test('safeJson gives what JSON.parse gives, from text and from bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value)
      // An own `__proto__` key is left out; it has a test of its own.
      fc.pre(!text.includes('__proto__'))
      const expected: unknown = JSON.parse(text)
      expect(safeJson(text)).toMatchObject({ ok: true, changes: [] })
      for (const result of [safeJson(text), safeJson(new TextEncoder().encode(text))]) {
        if (!result.ok) expect.fail('refused')
        expect(result.value).toEqual(expected)
      }
    }),
    { numRuns: 300 },
  )
})

test('safeJson never throws, and refuses what JSON.parse refuses', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'a',
    '1',
    'true',
    '"a":',
    '\\u0061',
    ' ',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      let valid = true
      try {
        JSON.parse(text)
      } catch {
        valid = false
      }
      if (!valid) expect(safeJson(text).ok).toBe(false)
      else expect([undefined, 'duplicate_key']).toContain(codeOf(text))
    }),
    { numRuns: 3_000 },
  )
})

test.each(['', '{', '{"a"}', "{'a':1}", '[1,]', 'nope', '"\u0001"', '{"\\x":1}', '\ufeff{}', '"abc', '{"a\\'])(
  'safeJson makes broken JSON an issue that quotes none of it: %j',
  (text) => {
    expect(safeJson(text)).toEqual({
      ok: false,
      issues: [{ pointer: '', code: 'invalid_json', message: 'must be JSON in UTF-8' }],
      findings: [],
    })
  },
)

test('safeJson refuses bytes that are not UTF-8', () => {
  expect(codeOf(Uint8Array.of(0x22, 0xff, 0x22))).toBe('invalid_json')
})

test('safeJson counts bytes of UTF-8, in text too', () => {
  const text = JSON.stringify('é'.repeat(4))
  expect(codeOf(text, { bytes: 10 })).toBeUndefined()
  expect(codeOf(text, { bytes: 9 })).toBe('too_large')
  expect(codeOf(new TextEncoder().encode(text), { bytes: 9 })).toBe('too_large')
  expect(codeOf(`"${'a'.repeat(1_048_576)}"`)).toBe('too_large')
})

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test('safeJson counts containers inside one another', () => {
  expect(codeOf(nested(32))).toBeUndefined()
  expect(codeOf(nested(33))).toBe('too_deep')
  expect(codeOf('[[],[],[{}]]', { depth: 3 })).toBeUndefined()
  expect(codeOf('[[],[],[{}]]', { depth: 2 })).toBe('too_deep')
  expect(codeOf('1', { depth: 0 })).toBeUndefined()
})

test.each(['[', '{"a":', '[{"a":'])('safeJson refuses 40,000 of %s', (opening) => {
  expect(codeOf(opening.repeat(40_000))).toBe('too_deep')
  expect(codeOf(opening.repeat(40_000), { depth: 1_000_000, keys: 1_000_000 })).toBe('invalid_json')
})

const keys = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])))

test('safeJson counts keys in the whole document', () => {
  expect(codeOf(keys(1_000))).toBeUndefined()
  expect(codeOf(keys(1_001))).toBe('too_many_keys')
  expect(codeOf('[{"a":1},{"a":1},{"b":{"a":1}}]', { keys: 4 })).toBeUndefined()
  expect(codeOf('[{"a":1},{"a":1},{"b":{"a":1}}]', { keys: 3 })).toBe('too_many_keys')
})

test.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"b":{"a":1,"c":[],"a":2}}]', '{"":1,"":2}', '{"a" :1 , "a" :2}'])(
  'safeJson refuses a key that an object has twice: %s',
  (text) => {
    expect(codeOf(text)).toBe('duplicate_key')
    expect(codeOf(text, { duplicateKeys: 'last' })).toBeUndefined()
  },
)

test.each([
  '{"a":{"a":1},"b":{"a":1}}',
  '[{"a":1},{"a":1}]',
  '{"a":"a","b":["a","a"]}',
  '{"a":"\\"a\\":1,","b":"{\\"a"}',
])('safeJson takes the same word elsewhere for no duplicate: %s', (text) => expect(codeOf(text)).toBeUndefined())

test('safeJson leaves __proto__ out and reports it, and constructor pollutes nothing', () => {
  const text =
    '{"a":{"__proto__":{"polluted":1}},"__pr\\u006fto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
  const result = safeJson(text)
  if (!result.ok) expect.fail('refused')
  expect(result.changes).toEqual([{ kind: 'removed', what: 'proto-key', count: 2, firstIndex: 6 }])
  const copy = Object.assign({}, result.value) as Record<string, unknown>
  expect(Object.keys(copy)).toEqual(['a', 'constructor'])
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  expect(copy['a']).toEqual({})
  expect(Object.getOwnPropertyNames(copy['a'])).toEqual([])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('safeJson repeats no key and no value in its issues', () => {
  for (const text of ['{"secret":1,"secret":2}', '{"secret"', '[[["secret"]]]']) {
    expect(JSON.stringify(safeJson(text, { depth: 2 }))).not.toContain('secret')
  }
})

test('safeJson takes linear time for 1 MB of quotes, backslashes, keys or brackets', () => {
  const limits: JsonLimits = { keys: 1_000_000, depth: 1_000_000 }
  const hostile = [
    '"'.repeat(1e6),
    '\\'.repeat(1e6),
    `"${'\\'.repeat(1e6)}`,
    '{"a":'.repeat(2e5),
    '[]'.repeat(5e5),
    '[['.repeat(5e5),
  ]
  const start = performance.now()
  expect(hostile.map((text) => safeJson(text, limits).ok)).toEqual(hostile.map(() => false))
  expect(performance.now() - start).toBeLessThan(5_000)
})

test.each([
  [{ bytes: 0 }, 'bytes must be an integer >= 1, received 0'],
  [{ depth: -1 }, 'depth must be an integer >= 0, received -1'],
  [{ keys: 0.5 }, 'keys must be an integer >= 0, received 0.5'],
  [{ duplicateKeys: 'first' }, "duplicateKeys must be 'reject' or 'last', received first"],
])('safeJson refuses the limits %j', (limits, message) => {
  expect(() => safeJson('1', limits as JsonLimits)).toThrow(RangeError)
  expect(() => safeJson('1', limits as JsonLimits)).toThrow(message)
})
