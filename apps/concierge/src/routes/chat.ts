import { rateLimit } from '@aplomb/rate-limiter/hono'
import { sessionId, userId, userInput } from '@aplomb/validation'
import { validator } from '@aplomb/validation/hono'
import { Hono } from 'hono'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Dependencies } from '../dependencies.ts'
import { problem } from '../problem.ts'
import { rateLimitWaitMs } from '../resilience.ts'

const chatRequest = z.object({
  user_id: userId(),
  session_id: sessionId().optional(),
  message: userInput({ maxLength: 1_000 }),
})

/** `POST /chat`: one message, one answer. A request beyond the rate waits for its turn, and is refused at once if that takes too long. */
export function chat({ concierge, resilience }: Pick<Dependencies, 'concierge' | 'resilience'>): Hono {
  return new Hono().post(
    '/',
    rateLimit({
      limiter: resilience.requests,
      key: () => 'service',
      waitMs: rateLimitWaitMs,
      onDenied: (c, { retryAfterMs }) =>
        problem(c, { status: 429, detail: 'Too many requests. Wait as long as Retry-After says.', retryAfterMs }),
    }),
    validator('json', chatRequest),
    async (c) => {
      const { user_id, session_id = randomUUID(), message } = c.req.valid('json')
      const answer = await concierge.chat(
        { userId: user_id, sessionId: session_id, message },
        { signal: c.req.raw.signal },
      )
      return c.json(answer)
    },
  )
}
