import { sessionId, toProblem, userId, userInput } from '@aplomb/validation'
import { validator } from '@aplomb/validation/hono'
import { Hono } from 'hono'
import * as z from 'zod'

// #region server
const Chat = z.object({
  user_id: userId(),
  session_id: sessionId().optional(),
  message: userInput({ maxLength: 1_000 }),
})

const app = new Hono()
app.post('/chat', validator('json', Chat, { limits: { bytes: 16_384 } }), (c) => {
  const { user_id, message } = c.req.valid('json')
  return c.json({ user_id, message })
})
app.get('/session/:id', validator('param', z.object({ id: sessionId() })), (c) => c.json(c.req.valid('param')))
// #endregion

// #region on-error
app.onError((error, c) => {
  const problem = toProblem(error)
  if (problem === undefined) throw error
  const headers = { 'content-type': 'application/problem+json' }
  return c.json({ ...problem, instance: c.req.path, request_id: 'r-1' }, problem.status, headers)
})
// #endregion

async function post(body: string, type = 'application/json'): Promise<void> {
  const response = await app.request('/chat', { method: 'POST', headers: { 'content-type': type }, body })
  console.log(response.status, await response.text())
}

await post('{"user_id":"user_42","message":" What is my balance? "}') // → 200 {"user_id":"user_42","message":"What is my balance?"}
await post('{"user_id":"no spaces","message":"hi"}') // → "errors":[{"pointer":"/user_id","code":"invalid_format"
await post('{"user_id":"a","user_id":"b","message":"hi"}') // → 400
await post(`{"message":"${'x'.repeat(20_000)}"}`) // → 413
await post('user_id=user_42', 'text/plain') // → 415
