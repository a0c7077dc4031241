import { Hono } from 'hono'
import type { Dependencies } from '../dependencies.ts'
import { toolNames } from '../tools/toolset.ts'
import { version } from '../version.ts'

/** `GET /health`: the seed's shape. Degraded answers 200, as the service still serves; unhealthy answers 503. */
export function health({ conversations, knowledge, llmConfigured, resilience }: Dependencies): Hono {
  return new Hono().get('/', async (c) => {
    const [connected, active] = await Promise.all([knowledge.isConnected(), conversations.isActive()])
    const { rag, llm } = resilience.circuits
    const closed = rag.state === 'closed' && llm.state === 'closed'
    const status = !active ? 'unhealthy' : connected && closed ? 'healthy' : 'degraded'
    return c.json(
      {
        status,
        version,
        services: {
          api: 'up',
          together_api: llmConfigured ? 'configured' : 'not_configured',
          rag_service: connected ? 'connected' : 'disconnected',
          tools: 'available',
          conversation_manager: active ? 'active' : 'unavailable',
        },
        circuit_breakers: { rag: rag.state, llm: llm.state },
        tools_count: toolNames.length,
      },
      active ? 200 : 503,
    )
  })
}
