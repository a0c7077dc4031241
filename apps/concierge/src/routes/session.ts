import { sessionId } from '@aplomb/validation'
import { validator } from '@aplomb/validation/hono'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Dependencies } from '../dependencies.ts'
import { SessionNotFoundError } from '../chat.ts'

/** How much of a long conversation one request shows. */
const shownMessages = 200

/** `GET /session/:id`: a conversation's history. Asked for under another user's name, it does not exist. */
export function session({ conversations }: Pick<Dependencies, 'conversations'>): Hono {
  return new Hono().get('/:session_id', validator('param', z.object({ session_id: sessionId() })), async (c) => {
    const { session_id } = c.req.valid('param')
    const found = await conversations.find(session_id)
    const caller = c.req.query('user_id') ?? c.req.header('x-user-id')
    if (found === undefined || (caller !== undefined && caller !== found.user_id)) throw new SessionNotFoundError()
    const messages = await conversations.messages(session_id, { last: shownMessages })
    return c.json({
      ...found,
      messages: messages.map(({ details, ...message }) => ({ ...message, ...details })),
    })
  })
}
