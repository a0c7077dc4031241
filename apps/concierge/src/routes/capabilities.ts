import { Hono } from 'hono'
import { toolNames } from '../tools/toolset.ts'
import { version } from '../version.ts'

/** `GET /`: what this service can do, for whoever finds it. */
export function capabilities(): Hono {
  return new Hono().get('/', (c) =>
    c.json({
      service: 'concierge-agent',
      version,
      status: 'running',
      capabilities: [
        'answers from a knowledge base with sources',
        'tool calls',
        'conversation history',
        'structured logging',
        'circuit breakers',
        'rate limiting',
        'retry with exponential backoff',
        'timeouts',
        'input validation',
        'degraded answers when a dependency is away',
      ],
      tools: toolNames,
      endpoints: {
        health: 'GET /health',
        chat: 'POST /api/v1/concierge/chat',
        session: 'GET /api/v1/concierge/session/{session_id}',
      },
    }),
  )
}
