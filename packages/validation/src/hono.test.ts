import { Hono } from 'hono'
import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import { validator } from './hono.ts'
import { sessionId, userId } from './identifier.ts'
import { toProblem } from './to-problem.ts'
import { userInput } from './user-input.ts'
import { isValidationError } from './validation-error.ts'

const chat = z.object({
  user_id: userId(),
  session_id: sessionId().optional(),
  message: userInput({ maxLength: 1_000 }),
})

const app = new Hono()
  .post('/chat', validator('json', chat), (c) => c.json(c.req.valid('json')))
  .post('/small', validator('json', z.unknown(), { limits: { bytes: 10 } }), (c) => c.json('ok'))
  .get('/session/:id', validator('param', z.object({ id: sessionId() })), (c) => c.json(c.req.valid('param')))
  .get('/list', validator('query', z.object({ q: userInput(), page: z.coerce.number().int().optional() })), (c) =>
    c.json(c.req.valid('query')),
  )
  .get('/head', validator('header', z.object({ 'x-user': userId() })), (c) => c.json(c.req.valid('header')))

const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => app.request(path, { method: 'POST', body, headers, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) })

const problemOf = async (response: Response): Promise<{ status: number; pointers: string[]; codes: string[] }> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const { status, errors } = (await response.json()) as { status: number; errors: { pointer: string; code: string }[] }
  expect(status).toBe(response.status)
  return { status, pointers: errors.map(({ pointer }) => pointer), codes: errors.map(({ code }) => code) }
}

test('validator gives the cleaned, typed body', async () => {
  const response = await post(
    '/chat',
    JSON.stringify({ user_id: 'u1', message: ' What\u0000 is my balance?\r\n', x: 1 }),
  )
  expect(await response.json()).toEqual({ user_id: 'u1', message: 'What is my balance?' })
  new Hono().post('/', validator('json', chat), (c) => {
    expectTypeOf(c.req.valid('json')).toEqualTypeOf<{
      user_id: string
      session_id?: string | undefined
      message: string
    }>()
    return c.body(null)
  })
})

test.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/merge-patch+json'])(
  'validator takes %s for JSON',
  async (type) => {
    const response = await post('/chat', JSON.stringify({ user_id: 'u', message: 'm' }), { 'content-type': type })
    expect(response.status).toBe(200)
  },
)

test.each([
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/jsonp' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
])('validator answers 415 to %j', async (headers) => {
  expect(await problemOf(await post('/chat', '{}', headers))).toMatchObject({
    status: 415,
    codes: ['unsupported_media_type'],
  })
})

test('validator answers 415 to a body without a type', async () => {
  expect(await problemOf(await post('/chat', new TextEncoder().encode('{}'), {}))).toMatchObject({ status: 415 })
})

test.each([
  ['invalid_json', '{"user_id":'],
  ['invalid_json', ''],
  ['duplicate_key', '{"user_id":"a","user_id":"b"}'],
  ['too_deep', '['.repeat(40_000)],
  ['too_deep', '{"a":'.repeat(40_000)],
  ['too_many_keys', `{${Array.from({ length: 1_001 }, (_, i) => `"${i}":1`).join()}}`],
])('validator answers 400 to what is %s', async (code, body) => {
  expect(await problemOf(await post('/chat', body))).toEqual({ status: 400, pointers: [''], codes: [code] })
})

test('validator answers 413 to too many bytes', async () => {
  expect(await problemOf(await post('/small', '"12345678"'.padEnd(11)))).toMatchObject({
    status: 413,
    codes: ['too_large'],
  })
  expect((await post('/small', '"12345678"')).status).toBe(200)
})

test('validator stops reading at the limit, without believing Content-Length', async () => {
  let pulled = 0
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(8))
      },
    })
  expect(await problemOf(await post('/small', endless()))).toMatchObject({ status: 413 })
  expect(pulled).toBeLessThan(10)
  const headers = { 'content-type': 'application/json', 'content-length': '11' }
  pulled = 0
  expect((await post('/small', endless(), headers)).status).toBe(413)
  expect(pulled).toBeLessThan(3)
})

test('validator answers 422 to what the schema refuses, and names every field', async () => {
  expect(await problemOf(await post('/chat', '{"user_id":"no spaces","session_id":7}'))).toEqual({
    status: 422,
    pointers: ['/user_id', '/session_id', '/message'],
    codes: ['invalid_format', 'invalid_type', 'invalid_type'],
  })
})

test('validator repeats no value and no unknown key', async () => {
  const schema = z.strictObject({
    rates: z.record(z.string(), z.number()).optional(),
    named: z.record(z.enum(['usd']), z.number()).optional(),
    either: z.union([z.object({ a: z.string() }), z.array(z.object({ b: z.string() }))]).optional(),
    pair: z.tuple([z.object({ x: z.number() })]).optional(),
  })
  const strict = new Hono().post('/', validator('json', schema), (c) => c.body(null))
  const send = async (body: object): Promise<string[]> => {
    const headers = { 'content-type': 'application/json' }
    const response = await strict.request('/', { method: 'POST', headers, body: JSON.stringify(body) })
    expect(await response.clone().text()).not.toContain('secret')
    return (await problemOf(response)).pointers
  }
  expect(await send({ secret: 'secret' })).toEqual([''])
  expect(await send({ rates: { secret: 'secret' } })).toEqual(['/rates'])
  expect(await send({ named: { usd: 'secret' } })).toEqual(['/named/usd'])
  expect(await send({ pair: [{ x: 'secret' }] })).toEqual(['/pair/0/x'])
  expect(await send({ either: 'secret' })).toEqual(['/either'])
})

test('validator checks parameters of the path', async () => {
  expect(await (await app.request('/session/s-1')).json()).toEqual({ id: 's-1' })
  expect(await problemOf(await app.request("/session/1'%20OR%20'1'='1"))).toMatchObject({
    status: 422,
    pointers: ['/id'],
  })
  expect(await problemOf(await app.request('/session/a%0A'))).toMatchObject({ status: 422 })
})

test('validator checks the query, where a parameter given twice is no string', async () => {
  expect(await (await app.request('/list?q=%20fees&page=2')).json()).toEqual({ q: 'fees', page: 2 })
  expect(await problemOf(await app.request('/list?q=a&q=b'))).toMatchObject({ status: 422, pointers: ['/q'] })
})

test('validator checks headers', async () => {
  expect((await app.request('/head', { headers: { 'X-User': 'u1' } })).status).toBe(200)
  expect(await problemOf(await app.request('/head', { headers: { 'X-User': 'u 1' } }))).toMatchObject({
    pointers: ['/x-user'],
  })
})

test('validator hands its error to onError, where toProblem can be extended', async () => {
  const own = new Hono()
    .post('/chat', validator('json', chat), (c) => c.body(null))
    .onError((error, c) => {
      expect(isValidationError(error)).toBe(true)
      const problem = toProblem(error)
      if (problem === undefined) throw error
      const headers = { 'content-type': 'application/problem+json' }
      return c.json({ ...problem, instance: c.req.path, request_id: 'r-1' }, problem.status, headers)
    })
  const response = await own.request('/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ status: 422, instance: '/chat', request_id: 'r-1' })
})

test('validator reads a body that another middleware has read, and leaves it for others to read', async () => {
  const shared = new Hono()
    .use(async (c, next) => {
      await c.req.text()
      await next()
    })
    .post('/', validator('json', z.object({ a: z.number() })), async (c) => c.json(await c.req.json()))
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1,"b":"é"}' }
  expect(await (await shared.request('/', request)).json()).toEqual({ a: 1, b: 'é' })

  const alone = new Hono()
    .use(validator('json', z.object({ a: z.number() })))
    .post('/', validator('json', z.object({ b: z.string() })), async (c) =>
      c.json([c.req.valid('json'), await c.req.text()]),
    )
  expect(await (await alone.request('/', request)).json()).toEqual([{ b: 'é' }, request.body])
})

test('validator waits for asynchronous schemas', async () => {
  const schema = z.object({ a: z.string().refine(async (text) => Promise.resolve(text === 'x'), 'must be free') })
  const server = new Hono().post('/', validator('json', schema), (c) => c.json('ok'))
  const send = (body: string) =>
    server.request('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  expect((await send('{"a":"x"}')).status).toBe(200)
  expect(await problemOf(await send('{"a":"y"}'))).toMatchObject({ status: 422, pointers: ['/a'] })
})

test('validator pollutes nothing', async () => {
  const server = new Hono().post('/', validator('json', z.looseObject({})), (c) =>
    c.json([
      Object.keys(c.req.valid('json')),
      Object.getPrototypeOf(Object.assign({}, c.req.valid('json'))) === Object.prototype,
    ]),
  )
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
  const response = await server.request('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  expect(await response.json()).toEqual([['constructor'], true])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('validator refuses limits that cannot be, when it is made', () => {
  expect(() => validator('json', chat, { limits: { depth: -1 } })).toThrow('depth must be an integer >= 0, received -1')
  expect(() => validator('query', chat, { limits: {} })).toThrow('limits are for the target json, received query')
  expect(() => validator('form' as 'json', chat)).toThrow(RangeError)
})
