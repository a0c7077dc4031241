import { validateUserInput } from '@aplomb/validation'
import { expect, test } from 'vitest'
import { changed, unchanged } from './bank-messages.ts'

test('validateUserInput passes what customers write to a bank unchanged, and finds no attack in it', () => {
  expect(new Set(unchanged).size).toBeGreaterThanOrEqual(300)
  const touched = unchanged.flatMap((text) => {
    const result = validateUserInput(text)
    const same = result.ok && result.value === text && result.changes.length === 0 && result.findings.length === 0
    return same ? [] : [{ text, result }]
  })
  expect(touched).toEqual([])
})

test.each(changed)('validateUserInput changes %j as expected, and reports it', (text, expected) => {
  const result = validateUserInput(text)
  expect(result).toMatchObject({ ok: true, value: expected })
  if (result.ok) expect(result.changes).not.toEqual([])
})
