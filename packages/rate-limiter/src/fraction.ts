/** A quotient of two whole numbers. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

/**
 * The first convergent of the value's continued fraction that is the same double: 1000 / 3 gives 1000/3 and 0.1 gives
 * 1/10, which is what the caller meant; the double's own binary expansion is not.
 */
export function toFraction(value: number): Fraction {
  let [dividend, divisor] = binaryFraction(value)
  let [before, numerator] = [0n, 1n]
  let [denominatorBefore, denominator] = [1n, 0n]
  while (divisor !== 0n) {
    const whole = dividend / divisor
    ;[before, numerator] = [numerator, whole * numerator + before]
    ;[denominatorBefore, denominator] = [denominator, whole * denominator + denominatorBefore]
    if (Number(numerator) / Number(denominator) === value) break
    ;[dividend, divisor] = [divisor, dividend % divisor]
  }
  return { numerator, denominator }
}

function binaryFraction(value: number): [numerator: bigint, denominator: bigint] {
  let [numerator, denominator] = [value, 1n]
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  return [BigInt(numerator), denominator]
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
