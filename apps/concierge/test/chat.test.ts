import { expect, test } from 'vitest'
import { runningConcierge } from './running-concierge.ts'

test('GET / lists what the service can do', async () => {
  const { get } = await runningConcierge()
  const { status, body } = await get('/')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    service: 'concierge-agent',
    tools: ['get_account_balance', 'get_recent_transactions', 'find_branch', 'get_exchange_rate'],
    endpoints: { chat: 'POST /api/v1/concierge/chat' },
  })
})

test("GET /health has the seed's shape, exactly", async () => {
  const { get } = await runningConcierge()
  const { status, body } = await get('/health')
  expect(status).toBe(200)
  expect(body).toEqual({
    status: 'healthy',
    version: expect.any(String),
    services: {
      api: 'up',
      together_api: 'not_configured',
      rag_service: 'connected',
      tools: 'available',
      conversation_manager: 'active',
    },
    circuit_breakers: { rag: 'closed', llm: 'closed' },
    tools_count: 4,
  })
})

test('a balance question is answered by a tool call, for the user of the session', async () => {
  const { ask, post } = await runningConcierge()
  const { status, body } = await ask('What is my balance?')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    model: 'concierge-extractive-1',
    degraded: false,
    degraded_reasons: [],
    sources: [],
    tool_calls: [{ name: 'get_account_balance', input: {}, output: { currency: 'EUR' } }],
  })
  expect(body.response).toContain('available')
  const other = await post({ user_id: 'grace', message: 'What is my balance?' })
  expect(other.body.tool_calls).not.toEqual(body.tool_calls)
})

test.each([
  ['Show me my last 3 transactions', 'get_recent_transactions'],
  ['Is there a branch in Dublin?', 'find_branch'],
  ['What is 100 euros in dollars?', 'get_exchange_rate'],
])('%j is answered by %s', async (message, name) => {
  const { ask } = await runningConcierge()
  const { body } = await ask(message)
  expect(body.tool_calls).toMatchObject([{ name, output: expect.anything() }])
})

test('a question about the bank is answered from an article and cites it', async () => {
  const { ask } = await runningConcierge()
  const { status, body } = await ask('How do I block my card if it was stolen?')
  expect(status).toBe(200)
  expect(body).toMatchObject({ degraded: false, tool_calls: [], sources: [{ n: 1, topic: expect.any(String) }] })
  expect(body.response).toContain('[1]')
  expect(body.response).toContain('offline model')
})

test('a question about nothing that the bank knows is answered with not knowing, and without a source', async () => {
  const { ask } = await runningConcierge()
  const { body } = await ask('Who won the 1974 volleyball world championship?')
  expect(body).toMatchObject({ sources: [], tool_calls: [] })
  expect(body.response).toContain('I do not know')
})

test('a conversation keeps its session, and its history can be read', async () => {
  const { ask, get } = await runningConcierge()
  const first = await ask('Hello')
  const session_id = first.body.session_id
  const second = await ask('What is my balance?', { session_id })
  expect(second.body.session_id).toBe(session_id)
  const { body } = await get(`/api/v1/concierge/session/${String(session_id)}`)
  expect(body).toMatchObject({
    session_id,
    user_id: 'ada',
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: first.body.response, message_id: first.body.message_id },
      { role: 'user', content: 'What is my balance?' },
      { role: 'assistant', content: second.body.response, tool_calls: second.body.tool_calls },
    ],
  })
})

test("another user's session does not exist", async () => {
  const { ask, get } = await runningConcierge()
  const { session_id } = (await ask('Hello')).body
  const path = `/api/v1/concierge/session/${String(session_id)}`
  expect((await get(`${path}?user_id=grace`)).status).toBe(404)
  expect((await get(path, { headers: { 'x-user-id': 'grace' } })).status).toBe(404)
  expect((await get(`${path}?user_id=ada`)).status).toBe(200)
  expect((await ask('Hello', { user_id: 'grace', session_id })).status).toBe(404)
  expect((await get('/api/v1/concierge/session/none-of-this-name')).status).toBe(404)
})

test('a tool that overruns its time is reported as failed and the answer still comes', async () => {
  const never = () => new Promise<never>(() => {})
  const { ask } = await runningConcierge(
    { TOOL_TIMEOUT_SECONDS: '0.02' },
    { bank: { balance: never, transactions: never, branches: never, exchangeRate: never } },
  )
  const { status, body } = await ask('What is my balance?')
  expect(status).toBe(200)
  expect(body.tool_calls).toMatchObject([{ name: 'get_account_balance', error: 'timed out' }])
  expect(body.response).toContain('get_account_balance failed')
})
