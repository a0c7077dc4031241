import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { createKnowledgeApp } from './app.ts'
import type { KnowledgeAppOptions } from './app.ts'
import { loadArticles } from './articles.ts'

export interface StartKnowledgeOptions extends KnowledgeAppOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 lets the system choose. @default 0 */
  readonly port?: number
}

export interface KnowledgeServer {
  /** Where it listens, without a trailing slash: `http://127.0.0.1:49152`. */
  readonly url: string
  /** Ends once requests under way are answered, after a second at the latest; more calls wait for the same end. */
  close(): Promise<void>
}

const closeGraceMs = 1_000
const contentFolder = fileURLToPath(new URL('../content', import.meta.url))

/**
 * Loads the articles and serves them over HTTP in this process.
 *
 * @throws {TypeError} if an article is wrong; the system's error (`EADDRINUSE`, …) if the address cannot be had.
 */
export async function startKnowledge(options: StartKnowledgeOptions = {}): Promise<KnowledgeServer> {
  const { host = '127.0.0.1', port = 0, ...appOptions } = options
  const app = createKnowledgeApp(await loadArticles(contentFolder), appOptions)
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen(port, host)
  await once(server, 'listening')

  let closing: Promise<void> | undefined
  return {
    url: urlOf(server.address() as AddressInfo),
    close: () => (closing ??= close(server)),
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A kept-alive socket would hold `close` for as long as its client likes.
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(cut)
}

function urlOf({ address, family, port }: AddressInfo): string {
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
