import { createRequire } from 'node:module'
import { cleanText, safeJson, userInput, validateUserId, validateUserInput } from '@aplomb/validation'
import { validator } from '@aplomb/validation/hono'
import { Hono } from 'hono'
import { validator as honoValidator } from 'hono/validator'
import { expect, test } from 'vitest'
import * as z from 'zod'

// Each test shows first what the peer does, and then that we do not.

const require = createRequire(import.meta.url)
/** It comes without types. */
const validatorJs = require('validator') as Record<'escape' | 'stripLow', (text: string) => string>

const headers = { 'content-type': 'application/json' }

test('validator.escape alters honest prose; validateUserInput does not', () => {
  expect(validatorJs.escape("O'Brien & Sons")).not.toBe("O'Brien & Sons")
  expect(validateUserInput("O'Brien & Sons")).toMatchObject({ ok: true, value: "O'Brien & Sons" })
})

test('validator.stripLow leaves bidi overrides, tags and C1 controls; cleanText does not', () => {
  const text = 'a\u202e\u{E0041}\u0085b'
  expect(validatorJs.stripLow(text)).toBe(text)
  expect(cleanText(text).value).toBe('a\nb')
})

test('zod takes invisible text for text; userInput does not', () => {
  expect(z.string().trim().min(1).safeParse('\u200b\u2060\u{E0041}').success).toBe(true)
  expect(userInput().safeParse('\u200b\u2060\u{E0041}').success).toBe(false)
})

test('zod’s regex takes an own pattern in part; an identifier matches as a whole', () => {
  expect(
    z
      .string()
      .regex(/[a-z]+/)
      .safeParse('ok\u0000').success,
  ).toBe(true)
  expect(validateUserId('ok\u0000').ok).toBe(false)
})

test('zod repeats unknown keys in its message; validator does not', async () => {
  const schema = z.strictObject({})
  const body = '{"my-card-is-4242":1}'
  expect(schema.safeParse(JSON.parse(body)).error?.message).toContain('4242')
  const app = new Hono().post('/', validator('json', schema), (c) => c.body(null))
  const response = await app.request('/', { method: 'POST', headers, body })
  expect(response.status).toBe(422)
  expect(await response.text()).not.toContain('4242')
})

test('JSON.parse lets the last of two equal keys win; safeJson refuses', () => {
  expect(JSON.parse('{"role":"user","role":"admin"}')).toEqual({ role: 'admin' })
  expect(safeJson('{"role":"user","role":"admin"}').ok).toBe(false)
})

test('JSON.parse quotes the text in its error; safeJson does not', () => {
  expect(() => JSON.parse('{"pin":x1234}')).toThrow('1234')
  expect(JSON.stringify(safeJson('{"pin":x1234}'))).not.toContain('1234')
})

const prototypeOf = (value: unknown): unknown => Object.getPrototypeOf(Object.assign({}, value))

test('JSON.parse builds what changes the prototype of a copy; safeJson leaves it out', () => {
  const text = '{"__proto__":{"admin":true}}'
  expect(prototypeOf(JSON.parse(text))).toEqual({ admin: true })
  const result = safeJson(text)
  if (!result.ok) expect.fail('refused')
  expect(prototypeOf(result.value)).toBe(Object.prototype)
})

test('hono’s validator gives a body of another type to the schema as {}; ours answers 415', async () => {
  const theirs = new Hono().post(
    '/',
    honoValidator('json', (value) => value as object),
    (c) => c.json(c.req.valid('json')),
  )
  const ours = new Hono().post('/', validator('json', z.looseObject({})), (c) => c.json(c.req.valid('json')))
  const request = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"a":1}' }
  expect(await (await theirs.request('/', request)).json()).toEqual({})
  expect((await ours.request('/', request)).status).toBe(415)
})

test('a recursive schema on a deep body overflows zod’s stack; behind validator it is a 400', async () => {
  type Tree = { readonly child?: Tree | undefined }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ child: tree.optional() }))
  const body = '{"child":'.repeat(40_000) + '{}' + '}'.repeat(40_000)
  expect(() => tree.safeParse(JSON.parse(body))).toThrow(RangeError)
  const app = new Hono().post('/', validator('json', tree), (c) => c.body(null))
  expect((await app.request('/', { method: 'POST', headers, body })).status).toBe(400)
})
