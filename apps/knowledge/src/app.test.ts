import { describe, expect, it } from 'vitest'
import { createKnowledgeApp } from './app.ts'
import type { Article } from './articles.ts'

const articles: Article[] = [
  {
    id: 'freeze-a-card',
    title: 'Freezing a card',
    topic: 'cards',
    questions: ['pause my card'],
    text: 'Move the switch **Frozen**.',
  },
  {
    id: 'opening-hours',
    title: 'Opening hours',
    topic: 'branches',
    questions: ['when are you open'],
    text: 'From nine to five.',
  },
]

const search = (body: string, app = createKnowledgeApp(articles)): Response | Promise<Response> =>
  app.request('/search', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as Record<string, unknown>
}

describe('POST /search', () => {
  it('answers with the passages about the query', async () => {
    const response = await search('{"query":"How do I freeze my cards?"}')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      passages: [
        {
          id: 'freeze-a-card',
          title: 'Freezing a card',
          topic: 'cards',
          text: 'Move the switch **Frozen**.',
          score: expect.any(Number),
        },
      ],
    })
  })

  it('answers with no passages, and not with an error, if no article is about the query', async () => {
    const response = await search('{"query":"volcanoes of Iceland"}')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ passages: [] })
  })

  it('answers a query of stop words alone with no passages', async () => {
    expect(await (await search('{"query":"what is it?"}')).json()).toEqual({ passages: [] })
  })

  it('gives no more passages than the limit', async () => {
    const many = createKnowledgeApp([...articles, { ...articles[0], id: 'freeze-again' } as Article])
    const count = async (limit: number): Promise<number> => {
      const response = await search(JSON.stringify({ query: 'freeze card', limit }), many)
      return ((await response.json()) as { passages: unknown[] }).passages.length
    }
    expect([await count(1), await count(2), await count(10)]).toEqual([1, 2, 2])
  })

  it.each([
    ['no JSON', '{"query":'],
    ['no object', '"secret"'],
    ['no query', '{}'],
    ['a blank query', '{"query":"   "}'],
    ['a query of another type', '{"query":["secret"]}'],
    ['a query that is too long', JSON.stringify({ query: 'secret'.repeat(100) })],
    ['a limit of 0', '{"query":"secret","limit":0}'],
    ['a limit of 11', '{"query":"secret","limit":11}'],
    ['a broken limit', '{"query":"secret","limit":1.5}'],
    ['an unknown key', '{"query":"card","secret":1}'],
  ])('refuses %s with 400, the rule, and nothing of the input', async (_, body) => {
    const response = await search(body)
    expect(response.status).toBe(400)
    const problem = await problemOf(response)
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 })
    expect(problem.detail).toContain('"limit"?: an integer from 1 to 10')
    expect(JSON.stringify(problem)).not.toContain('secret')
  })

  it('refuses a body over 16 KiB with 413', async () => {
    const response = await search(JSON.stringify({ query: 'a'.repeat(20_000) }))
    expect(response.status).toBe(413)
    expect(await problemOf(response)).toMatchObject({ title: 'Payload Too Large', status: 413 })
  })
})

describe('GET /articles/:id', () => {
  it('answers with the article, without its sample questions', async () => {
    const response = await createKnowledgeApp(articles).request('/articles/opening-hours')
    expect(await response.json()).toEqual({
      id: 'opening-hours',
      title: 'Opening hours',
      topic: 'branches',
      text: 'From nine to five.',
    })
  })

  it.each(['secret', '__proto__', '..%2fpackage.json', '%E0%A4%A'])('answers 404 to the id %s', async (id) => {
    const response = await createKnowledgeApp(articles).request(`/articles/${id}`)
    expect(response.status).toBe(404)
    expect(JSON.stringify(await problemOf(response))).not.toContain(id)
  })
})

describe('createKnowledgeApp', () => {
  it('reports its articles and topics at GET /health', async () => {
    const response = await createKnowledgeApp(articles).request('/health')
    expect(await response.json()).toEqual({ status: 'healthy', articles: 2, topics: 2 })
  })

  it('answers 404 as a problem at an unknown address', async () => {
    const response = await createKnowledgeApp(articles).request('/secret')
    expect(response.status).toBe(404)
    expect(JSON.stringify(await problemOf(response))).not.toContain('secret')
  })

  it('carries the caller’s request id through to the problem', async () => {
    const response = await createKnowledgeApp(articles).request('/nowhere', { headers: { 'X-Request-Id': 'abc-1' } })
    expect(response.headers.get('x-request-id')).toBe('abc-1')
    expect(await problemOf(response)).toMatchObject({ request_id: 'abc-1', instance: 'urn:aplomb:request:abc-1' })
  })

  it('answers 500 without the error’s text, and tells onError with the request id', async () => {
    const seen: [string, string][] = []
    const app = createKnowledgeApp(articles, { onError: (error, id) => void seen.push([error.message, id]) })
    app.get('/broken', () => {
      throw new Error('secret')
    })
    const response = await app.request('/broken', { headers: { 'X-Request-Id': 'abc-2' } })
    expect(response.status).toBe(500)
    expect(JSON.stringify(await problemOf(response))).not.toContain('secret')
    expect(seen).toEqual([['secret', 'abc-2']])
  })
})
