import { expect, test } from 'vitest'
import { runningConcierge } from './running-concierge.ts'

test("one request's lines share its id and hold the seed's api, llm and tool events, and nothing of the message", async () => {
  const { ask, logs } = await runningConcierge()
  const { headers } = await ask('What is my balance? My PIN is 4711-secret')
  const id = headers.get('x-request-id')
  const lines = logs().filter(({ request_id }) => request_id === id)
  expect(lines.length).toBeGreaterThanOrEqual(4)
  const events = lines.map((line) => line['event.name'])
  expect(events).toEqual(expect.arrayContaining(['api_call', 'llm_call', 'tool_call', 'metric']))
  expect(lines.find((line) => line['event.name'] === 'api_call')).toMatchObject({
    'http.request.method': 'POST',
    'url.path': '/api/v1/concierge/chat',
    'http.response.status_code': 200,
    'service.name': 'concierge-agent',
  })
  expect(lines.find((line) => line['event.name'] === 'tool_call')).toMatchObject({
    'gen_ai.tool.name': 'get_account_balance',
  })
  expect(JSON.stringify(logs())).not.toContain('4711-secret')
})

test('interleaved requests do not mix their ids', async () => {
  const { ask, logs } = await runningConcierge({ RATE_LIMIT_BURST: '100' })
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('What is my balance?')))
  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(new Set(ids).size).toBe(30)
  for (const id of ids) {
    const tools = logs().filter((line) => line.request_id === id && line['event.name'] === 'tool_call')
    expect(tools).toHaveLength(1)
  }
})
