import { startKnowledge } from 'knowledge'
import { expect, onTestFinished, test } from 'vitest'
import { startOpenAiServer, type Behaviour } from './openai-server.ts'
import { runningConcierge, until } from './running-concierge.ts'

/** Little patience, so that a test sees in milliseconds what a user sees in seconds. */
const quick = {
  INITIAL_RETRY_DELAY: '0.001',
  MAX_RETRY_DELAY: '0.002',
  RAG_CB_TIMEOUT_SECONDS: '0.2',
  LLM_CB_TIMEOUT_SECONDS: '30',
  RATE_LIMIT_BURST: '1000',
}
/** Nobody listens on port 9 of this machine. */
const nobody = 'http://127.0.0.1:9'
const faq = 'How do I block my card if it was stolen?'

async function llm(...behaviours: Behaviour[]) {
  const server = await startOpenAiServer(...behaviours)
  onTestFinished(() => server.close())
  const env = { LLM_BASE_URL: server.url, LLM_API_KEY: 'sk-secret-of-the-test', LLM_MODEL: 'test-model' }
  return { server, env }
}

test('knowledge away: answers go on, say so, and the circuit opens; back again: it closes', async () => {
  const first = await startKnowledge()
  const port = Number(new URL(first.url).port)
  const { ask, get } = await runningConcierge({ ...quick, RAG_URL: first.url })
  expect((await ask(faq)).body).toMatchObject({ degraded: false, sources: [{ n: 1 }] })

  await first.close()
  const away = await ask(faq)
  expect(away).toMatchObject({
    status: 200,
    body: { degraded: true, degraded_reasons: ['knowledge_unavailable'], sources: [] },
  })
  expect(away.body.response).toContain('help centre cannot be reached')
  // Four attempts failed above; one more makes five.
  await ask(faq)
  const health = await get('/health')
  expect(health.body).toMatchObject({ status: 'degraded', services: { rag_service: 'disconnected' } })
  expect(health.body.circuit_breakers).toMatchObject({ rag: expect.stringMatching(/open/) })
  expect((await ask('What is my balance?')).body).toMatchObject({
    degraded: true,
    tool_calls: [{ name: 'get_account_balance' }],
  })

  const second = await startKnowledge({ port })
  onTestFinished(() => second.close())
  await until(
    () => ask(faq).then(() => get('/health')),
    ({ body }) => (body.circuit_breakers as { rag: string }).rag === 'closed',
  )
  expect((await ask(faq)).body).toMatchObject({ degraded: false, sources: [{ n: 1 }] })
})

test('a hung knowledge service costs its timeout once, not once a retry', async () => {
  const { server } = await llm('hang')
  const { ask } = await runningConcierge({
    ...quick,
    RAG_URL: server.url.replace('/v1', '/v1/chat/completions?'),
    RAG_TIMEOUT_SECONDS: '0.1',
  })
  const { body } = await ask(faq)
  expect(body).toMatchObject({ degraded_reasons: ['knowledge_unavailable'] })
  expect(server.requests).toHaveLength(1)
})

test('a configured LLM answers, with its key, the passages and the tools before it', async () => {
  const { server, env } = await llm({ text: 'Freeze it in the app [1].' })
  const { ask, get, logs } = await runningConcierge({ ...quick, ...env })
  const { body } = await ask(faq)
  expect(body).toMatchObject({
    response: 'Freeze it in the app [1].',
    model: 'test-model',
    degraded: false,
    sources: [{ n: 1 }],
    usage: { input_tokens: 11, output_tokens: 7 },
  })
  const [request] = server.requests
  expect(request?.authorization).toBe('Bearer sk-secret-of-the-test')
  expect(request?.body.tools).toHaveLength(4)
  expect(JSON.stringify(request?.body.messages)).toContain('<passages>')
  expect((await get('/health')).body).toMatchObject({ services: { together_api: 'configured' } })
  expect(JSON.stringify(logs())).not.toContain('sk-secret-of-the-test')
})

test('a configured LLM calls a tool and answers from its output', async () => {
  const { server, env } = await llm({ tool: 'get_account_balance', arguments: '{}' }, { text: 'You have enough.' })
  const { ask } = await runningConcierge({ ...quick, ...env })
  const { body } = await ask('Can I afford a coffee?')
  expect(body).toMatchObject({
    response: 'You have enough.',
    tool_calls: [{ name: 'get_account_balance', output: { currency: 'EUR' } }],
    usage: { input_tokens: 22, output_tokens: 14 },
  })
  expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('booked')
})

test('an LLM that fails for a moment is asked again', async () => {
  const { server, env } = await llm({ status: 503 }, { status: 429, retryAfter: '0' }, { text: 'Here I am.' })
  const { ask } = await runningConcierge({ ...quick, ...env })
  expect((await ask('Are you there?')).body).toMatchObject({ response: 'Here I am.', degraded: false })
  expect(server.requests).toHaveLength(3)
})

test('LLM away: the offline model answers from knowledge and tools, says so, and the circuit spares the LLM', async () => {
  const { server, env } = await llm({ status: 503 })
  const { ask, get, logs } = await runningConcierge({ ...quick, ...env })
  const { status, body } = await ask(faq)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    degraded: true,
    degraded_reasons: ['llm_unavailable'],
    model: 'concierge-extractive-1',
    sources: [{ n: 1 }],
  })
  expect(body.response).toContain('language model cannot be reached')
  expect((await get('/health')).body).toMatchObject({ status: 'degraded', circuit_breakers: { llm: 'open' } })
  expect(JSON.stringify(logs()), 'neither the prompt nor the key is logged with the error').not.toMatch(
    /stolen|sk-secret/,
  )
  const asked = server.requests.length
  expect((await ask('What is my balance?')).body).toMatchObject({ tool_calls: [{ name: 'get_account_balance' }] })
  expect(server.requests).toHaveLength(asked)
})

test('an LLM that hangs is left after its timeout', async () => {
  const { server, env } = await llm('hang')
  const { ask } = await runningConcierge({ ...quick, ...env, LLM_TIMEOUT_SECONDS: '0.05' })
  expect((await ask(faq)).body).toMatchObject({ degraded_reasons: ['llm_unavailable'] })
  await until(
    async () => server.inFlight(),
    (inFlight) => inFlight === 0,
  )
})

test('an LLM that refuses a request is not taken for a broken one', async () => {
  const { env } = await llm({ status: 400 })
  const { ask, get } = await runningConcierge({ ...quick, ...env, LLM_CB_FAILURE_THRESHOLD: '1' })
  expect((await ask(faq)).body).toMatchObject({ degraded_reasons: ['llm_unavailable'] })
  expect((await get('/health')).body).toMatchObject({ circuit_breakers: { llm: 'closed' } })
})

test('both away: a tool still answers, and anything else is 503 with Retry-After', async () => {
  const { env } = await llm({ status: 503 })
  const { ask } = await runningConcierge({
    ...quick,
    ...env,
    RAG_URL: nobody,
    RAG_CB_TIMEOUT_SECONDS: '30',
    RAG_CB_FAILURE_THRESHOLD: '1',
  })
  expect(await ask('What is my balance?')).toMatchObject({
    status: 200,
    body: {
      degraded: true,
      degraded_reasons: ['knowledge_unavailable', 'llm_unavailable'],
      tool_calls: [{ name: 'get_account_balance' }],
    },
  })
  const start = performance.now()
  const refused = await ask(faq)
  expect(performance.now() - start, 'both circuits are open: nothing is waited for').toBeLessThan(500)
  expect(refused).toMatchObject({ status: 503, body: { status: 503, request_id: expect.any(String) } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
})

test('a client that goes away frees the socket of the LLM', async () => {
  const { server, env } = await llm('hang')
  const { url } = await runningConcierge({ ...quick, ...env })
  const controller = new AbortController()
  const request = fetch(`${url}/api/v1/concierge/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'ada', message: 'Hello there, model' }),
    signal: controller.signal,
  })
  await until(
    async () => server.inFlight(),
    (inFlight) => inFlight === 1,
  )
  controller.abort()
  await expect(request).rejects.toThrow()
  await until(
    async () => server.inFlight(),
    (inFlight) => inFlight === 0,
  )
})
