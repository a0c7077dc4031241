import { describe, expect, it } from 'vitest'
import { termsOf } from './terms.ts'

describe('termsOf', () => {
  it('reads inflected words as one', () => {
    expect(termsOf('blocking blocked blocks')).toEqual(['block', 'block', 'block'])
  })

  it('drops the words of asking, with either apostrophe or none', () => {
    expect(termsOf("How do I, can’t I, isn't it, wont you")).toEqual([])
  })

  it('ignores case, accents, punctuation and typographic variants', () => {
    expect(termsOf('CAFÉ, “café”; ｃａｆｅ!')).toEqual(['cafe', 'cafe', 'cafe'])
  })

  it('reads synonyms as one', () => {
    expect(termsOf('cashpoint')).toEqual(termsOf('ATM'))
    expect(termsOf('vacation')).toEqual(termsOf('holidays'))
  })

  it('keeps numbers and words of other scripts', () => {
    expect(termsOf('€5,000 банк')).toEqual(['5', '000', 'банк'])
  })
})
