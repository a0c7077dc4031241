import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'

type Fetch = (
  request: Request,
  env: { incoming: IncomingMessage; outgoing: ServerResponse },
) => Response | Promise<Response>

export interface NodeServer extends AsyncDisposable {
  readonly url: string
}

/** Serves a `fetch` function as @hono/node-server does: with the Node response in the environment. */
export async function nodeServer(fetch: Fetch): Promise<NodeServer> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const method = incoming.method ?? 'GET'
      const headers = new Headers(incoming.headers as Record<string, string>)
      const response = await fetch(new Request(`http://host${incoming.url ?? '/'}`, { method, headers }), {
        incoming,
        outgoing,
      })
      outgoing.writeHead(response.status, [...response.headers].flat())
      outgoing.flushHeaders()
      // The promise rejects for a client that has left, whose body is cancelled.
      await response.body?.pipeTo(Writable.toWeb(outgoing)).catch(() => undefined)
      outgoing.end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
