import type { Logger } from '@aplomb/logger'
import { serve, type ServerType } from '@hono/node-server'
import { once } from 'node:events'
import { startKnowledge } from 'knowledge'
import { createApp } from './app.ts'
import { Concierge } from './chat.ts'
import type { Config } from './config.ts'
import { Conversations } from './conversation/conversations.ts'
import { openSqlite } from './conversation/sqlite.ts'
import { KnowledgeClient } from './knowledge.ts'
import { logCalls } from './llm/log-calls.ts'
import { offlineModel } from './llm/offline/model.ts'
import { remoteModel } from './llm/remote-model.ts'
import { createResilience } from './resilience.ts'
import type { Bank } from './tools/bank.ts'
import { demoBank } from './tools/demo-bank.ts'

/** How long requests under way may take once the service was asked to stop. */
const drainMs = 10_000

export interface ServiceOptions {
  readonly logger: Logger
  /** @default a bank of invented figures */
  readonly bank?: Bank
}

export interface Service {
  readonly url: string
  /** Accepts nothing new, lets what is under way finish for 10 s at most, then frees everything. */
  stop(): Promise<void>
}

/** Starts everything that the configuration names, with the knowledge service beside it unless RAG_URL points elsewhere. */
export async function startService(config: Config, { logger, bank = demoBank() }: ServiceOptions): Promise<Service> {
  const embedded = config.knowledge.url === undefined ? await startKnowledge() : undefined
  const database = openSqlite(config)
  const conversations = await Conversations.open(database)
  const resilience = createResilience(config, logger)
  const knowledge = new KnowledgeClient({
    url: config.knowledge.url ?? embedded?.url ?? '',
    policy: resilience.knowledge,
  })
  const offline = logCalls(offlineModel(), { logger })
  const { endpoint } = config.llm
  const concierge = new Concierge({
    conversations,
    knowledge,
    model: endpoint ? remoteModel(endpoint, { policy: resilience.llm, logger }) : offline,
    offlineModel: offline,
    bank,
    resilience,
    logger,
  })

  let draining = false
  const app = createApp({
    concierge,
    conversations,
    knowledge,
    llmConfigured: endpoint !== undefined,
    resilience,
    logger,
    isDraining: () => draining,
  })
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port })
  await once(server, 'listening')

  return {
    url: urlOf(server, config.host),
    stop: async () => {
      draining = true
      await close(server)
      await embedded?.close()
      resilience.requests.close()
      database.close()
      await logger.flush()
    },
  }
}

async function close(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(cut)
}

function urlOf(server: ServerType, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : ''
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
