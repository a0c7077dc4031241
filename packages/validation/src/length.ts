/** The units a text can be measured in. */
export type LengthUnit = 'bytes' | 'codePoints' | 'codeUnits' | 'graphemes'

let segmenter: Intl.Segmenter | undefined

/** Measures in this package's own code: zod's `.max()` counts UTF-16 code units or code points, depending on its version. */
const measure: Readonly<Record<LengthUnit, (text: string) => number>> = {
  codeUnits: (text) => text.length,
  codePoints: countCodePoints,
  bytes: countBytes,
  graphemes: (text) => {
    segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
    let count = 0
    for (const _ of segmenter.segment(text)) count += 1
    return count
  },
}

/** Whether `text` is longer than `limit`; looks only as closely as it has to. */
export function isLongerThan(text: string, limit: number, unit: LengthUnit): boolean {
  // A code point has one or two code units, a grapheme one or more, a code unit one to three bytes of UTF-8.
  if (unit === 'bytes' ? text.length * 3 <= limit : text.length <= limit) return false
  return measure[unit](text) > limit
}

export function countCodePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length - 1; index += 1) {
    if (isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1))) {
      count -= 1
      index += 1
    }
  }
  return count
}

/** The length in UTF-8, without encoding it; a lone surrogate counts as the U+FFFD that it is encoded as. */
function countBytes(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    count += unit < 0x800 ? 1 : 2
    if (isHigh(unit) && isLow(text.charCodeAt(index + 1))) index += 1
  }
  return count
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
