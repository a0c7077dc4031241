import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { countCodePoints, isLongerThan } from './length.ts'

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('a\ud800b\udc00'))

test('countCodePoints counts as the string iterator does', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(countCodePoints(value)).toBe(Array.from(value).length)
    }),
  )
})

test('isLongerThan counts bytes as the encoder does', () => {
  fc.assert(
    fc.property(text, (value) => {
      const bytes = new TextEncoder().encode(value).length
      expect([isLongerThan(value, bytes, 'bytes'), isLongerThan(value, bytes - 1, 'bytes')]).toEqual([false, true])
    }),
  )
})

test('isLongerThan counts in each unit', () => {
  const family = '👨‍👩‍👧‍👦'
  const lengths = { graphemes: 1, codePoints: 7, codeUnits: 11, bytes: 25 }
  for (const unit of ['graphemes', 'codePoints', 'codeUnits', 'bytes'] as const) {
    expect([isLongerThan(family, lengths[unit], unit), isLongerThan(family, lengths[unit] - 1, unit)]).toEqual([
      false,
      true,
    ])
  }
})
