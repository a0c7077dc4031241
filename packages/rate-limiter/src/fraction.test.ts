import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFraction } from './fraction.ts'

test.each([
  [10, 10n, 1n],
  [0.1, 1n, 10n],
  [1000 / 3, 1000n, 3n],
  [123.456, 15_432n, 125n],
  [2 ** -1074, 1n, 2n ** 1074n],
])('toFraction finds the fraction that %d stands for', (value, numerator, denominator) => {
  expect(toFraction(value)).toEqual({ numerator, denominator })
})

test('toFraction gives back every quotient of two small numbers, and no other double', () => {
  const whole = fc.integer({ min: 1, max: 1_000_000 })
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const { numerator, denominator } = toFraction(a / b)
      expect(numerator * BigInt(b)).toBe(denominator * BigInt(a))
    }),
  )
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
      const { numerator, denominator } = toFraction(value)
      expect(Number(numerator) / Number(denominator)).toBe(value)
    }),
  )
})
