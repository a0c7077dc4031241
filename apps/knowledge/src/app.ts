import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import type { RequestIdVariables } from 'hono/request-id'
import { z } from 'zod'
import type { Article } from './articles.ts'
import { problem } from './problem.ts'
import { createSearchIndex } from './search-index.ts'

export type KnowledgeApp = Hono<{ Variables: RequestIdVariables }>

export interface KnowledgeAppOptions {
  /** Told of every error that became a 500, with the id the answer carries. @default nothing is told */
  readonly onError?: (error: Error, requestId: string) => void
}

const maxQueryLength = 500
const defaultLimit = 5
const maxBodyBytes = 16_384

const SearchRequest = z.strictObject({
  query: z.string().trim().min(1).max(maxQueryLength),
  limit: z.int().min(1).max(10).default(defaultLimit),
})
const searchRule = `the body must be JSON: { "query": a text of 1 to ${maxQueryLength} characters, "limit"?: an integer from 1 to 10 }`

/** The service as a Hono app, over articles already loaded. Listens to nothing; see `startKnowledge`. */
export function createKnowledgeApp(articles: readonly Article[], { onError }: KnowledgeAppOptions = {}): KnowledgeApp {
  const index = createSearchIndex(articles)
  const byId = new Map(articles.map((article) => [article.id, article]))
  const health = { status: 'healthy', articles: articles.length, topics: new Set(articles.map((a) => a.topic)).size }

  const app: KnowledgeApp = new Hono<{ Variables: RequestIdVariables }>()
  app.use(requestId())

  app.post(
    '/search',
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (c) => problem(c, 413, `the body must not exceed ${maxBodyBytes} bytes`),
    }),
    async (c) => {
      const body = SearchRequest.safeParse(parseJson(await c.req.text()))
      if (!body.success) return problem(c, 400, searchRule)
      return c.json({ passages: index.search(body.data.query, body.data.limit) })
    },
  )

  app.get('/articles/:id', (c) => {
    const article = byId.get(c.req.param('id'))
    if (article === undefined) return problem(c, 404, 'there is no article with this id')
    const { id, title, topic, text } = article
    return c.json({ id, title, topic, text })
  })

  app.get('/health', (c) => c.json(health))

  app.notFound((c) => problem(c, 404, 'there is nothing at this address'))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return problem(c, error.status, 'the request could not be read')
    onError?.(error, c.get('requestId'))
    return problem(c, 500, 'the request failed for a reason that is not yours')
  })
  return app
}

/** `undefined` stands for what is not JSON, which no schema of an object accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
