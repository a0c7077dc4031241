import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** What the server does with one request; the next in line, or the last one again. */
export type Behaviour =
  | { readonly text: string; readonly after?: Promise<void> }
  | { readonly tool: string; readonly arguments: string }
  | { readonly status: number; readonly retryAfter?: string }
  | 'hang'

/** A server that speaks the OpenAI chat completions protocol on loopback, and does what it is told. */
export async function startOpenAiServer(...behaviours: Behaviour[]) {
  const requests: { readonly body: Record<string, unknown>; readonly authorization: string | undefined }[] = []
  let inFlight = 0
  const app = new Hono().post('/v1/chat/completions', async (c) => {
    requests.push({ body: await c.req.json(), authorization: c.req.header('authorization') })
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    if (behaviour === undefined || behaviour === 'hang') {
      inFlight += 1
      await new Promise((resolve) => c.req.raw.signal.addEventListener('abort', resolve))
      inFlight -= 1
      return c.body(null)
    }
    if ('text' in behaviour) await behaviour.after
    if ('status' in behaviour) {
      const headers = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter }
      return c.json({ error: { message: 'told to fail' } }, behaviour.status as 503, headers)
    }
    const message =
      'text' in behaviour
        ? { role: 'assistant', content: behaviour.text }
        : {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: `call-${requests.length}`,
                type: 'function',
                function: { name: behaviour.tool, arguments: behaviour.arguments },
              },
            ],
          }
    return c.json({
      id: 'completion',
      object: 'chat.completion',
      created: 1,
      model: 'test-model',
      choices: [{ index: 0, message, finish_reason: 'text' in behaviour ? 'stop' : 'tool_calls' }],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    })
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    inFlight: () => inFlight,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
