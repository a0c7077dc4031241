import { expect, test } from 'vitest'
import { runningConcierge } from './running-concierge.ts'

const marker = 'qzx-marker-of-the-input'

test.each([
  ['a message of 1,001 characters', { user_id: 'ada', message: marker.padEnd(1_001, 'x') }, 422, '/message'],
  ['a missing message', { user_id: 'ada' }, 422, '/message'],
  ['a missing user_id', { message: marker }, 422, '/user_id'],
  ['a user_id of the wrong form', { user_id: `${marker}'; DROP TABLE`, message: 'Hello' }, 422, '/user_id'],
  [
    'a session_id of the wrong form',
    { user_id: 'ada', session_id: `${marker} ../`, message: 'Hello' },
    422,
    '/session_id',
  ],
  ['a message that is no text', { user_id: 'ada', message: [marker] }, 422, '/message'],
])('%s is refused with a problem that names the field and echoes nothing', async (_, body, status, pointer) => {
  const { post } = await runningConcierge()
  const answer = await post(body)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.body).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    request_id: expect.any(String),
  })
  expect(JSON.stringify(answer.body.errors)).toContain(pointer)
  expect(answer.text).not.toContain(marker)
})

test('broken JSON is 400, another type 415, too much 413', async () => {
  const { post } = await runningConcierge()
  const broken = await post(`{"user_id": "${marker}`)
  expect(broken).toMatchObject({ status: 400, body: { status: 400 } })
  expect(broken.text).not.toContain(marker)
  expect(await post('{}', { headers: { 'content-type': 'text/plain' } })).toMatchObject({
    status: 415,
    body: { status: 415 },
  })
  expect(await post(`"${'x'.repeat(2_000_000)}"`)).toMatchObject({ status: 413, body: { status: 413 } })
})

test('a session id of the wrong form and an unknown path are problems too', async () => {
  const { get } = await runningConcierge()
  const wrong = await get(`/api/v1/concierge/session/${marker}'--`)
  expect(wrong.status).toBe(422)
  expect(JSON.stringify(wrong.body.errors)).toContain('/session_id')
  const unknown = await get(`/${marker}`)
  expect(unknown.status).toBe(404)
  for (const answer of [wrong, unknown]) {
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.text).not.toContain(marker)
  }
})

test('requests beyond the limit wait for their turn and are served', async () => {
  const { ask } = await runningConcierge({ RATE_LIMIT_PER_SECOND: '100', RATE_LIMIT_BURST: '5' })
  const answers = await Promise.all(Array.from({ length: 25 }, () => ask('Hello')))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 25 }, () => 200))
})

test('a request that cannot be served within 5 s is told so at once, and when to come back', async () => {
  const { ask } = await runningConcierge({ RATE_LIMIT_PER_SECOND: '0.1', RATE_LIMIT_BURST: '1' })
  expect((await ask('Hello')).status).toBe(200)
  const start = performance.now()
  const refused = await ask('Hello')
  expect(performance.now() - start).toBeLessThan(1_000)
  expect(refused).toMatchObject({ status: 429, body: { status: 429 } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(9)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10)
})
