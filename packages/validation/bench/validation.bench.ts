import { createRequire } from 'node:module'
import { cleanText, safeJson, userId, userInput, validateUserInput } from '@aplomb/validation'
import * as z from 'zod'
import { sideBySide } from '../../../scripts/side-by-side.ts'

const require = createRequire(import.meta.url)
const { version } = require('validator/package.json') as { version: string }
const validatorJs = require('validator') as Record<'escape' | 'stripLow' | 'trim', (text: string) => string>
const { version: zodVersion } = require('zod/package.json') as { version: string }
console.log(`Node ${process.versions.node}, zod ${zodVersion}, validator ${version}`)

/** What the optimiser must not take for unused. */
let sink: unknown

const repeat =
  (operation: () => unknown) =>
  (times: number): void => {
    for (let i = 0; i < times; i += 1) sink = operation()
  }

const fill = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length)
const ascii = fill('What is the balance of my savings account, please? ', 1_024)
const german = fill('Überweisung an Jürgen Müller über 50 € — heute? ', 1_024)
const emoji = fill('👩🏽‍⚕️ می‌خواهم ', 1_024).replace(/[\uD800-\uDBFF]$/, '')
const dirty = fill('pasted\u200B text\r\n', 1_024)

function scan(text: string): number {
  let bits = 0
  for (let index = 0; index < text.length; index += 1) bits |= text.charCodeAt(index)
  return bits
}

await sideBySide({
  title: '1 KB of clean ASCII',
  candidates: {
    'charCodeAt scan': repeat(() => scan(ascii)),
    cleanText: repeat(() => cleanText(ascii)),
    validateUserInput: repeat(() => validateUserInput(ascii, { maxLength: 2_000 })),
    'validator stripLow + trim': repeat(() => validatorJs.trim(validatorJs.stripLow(ascii))),
    'validator escape': repeat(() => validatorJs.escape(ascii)),
  },
})

await sideBySide({
  title: 'cleanText of 1 KB of other text',
  candidates: {
    'charCodeAt scan': repeat(() => scan(german)),
    'clean, accents': repeat(() => cleanText(german)),
    'clean, emoji and Persian': repeat(() => cleanText(emoji)),
    'something to remove': repeat(() => cleanText(dirty)),
    'validator stripLow': repeat(() => validatorJs.stripLow(german)),
  },
})

const message = ascii.slice(0, 50)
const theirs = z.string().max(1_000)
const theirTrim = z.string().trim().max(1_000)
const ours = userInput({ maxLength: 1_000 })
const theirId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
const ourId = userId()
await sideBySide({
  title: 'safeParse of a schema, 50 characters',
  candidates: {
    'z.string().max()': repeat(() => theirs.safeParse(message).success),
    'userInput()': repeat(() => ours.safeParse(message).success),
    'z.string().trim().max()': repeat(() => theirTrim.safeParse(message).success),
  },
})
await sideBySide({
  title: 'safeParse of an identifier',
  candidates: {
    'z.string().regex()': repeat(() => theirId.safeParse('7f9c2ba4-e88f-11ee-951e-0242ac120002').success),
    'userId()': repeat(() => ourId.safeParse('7f9c2ba4-e88f-11ee-951e-0242ac120002').success),
  },
})

const body = JSON.stringify({ user_id: 'user_42', session_id: 's-1', message: ascii })
await sideBySide({
  title: 'a JSON body of 1 KB',
  candidates: {
    'JSON.parse': repeat(() => JSON.parse(body)),
    safeJson: repeat(() => safeJson(body)),
  },
})
if (sink === undefined) throw new Error('nothing was measured')
