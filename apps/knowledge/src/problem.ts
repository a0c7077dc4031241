import { STATUS_CODES } from 'node:http'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/**
 * An error answer after RFC 9457. `detail` is a text of ours: nothing of the request's path or body is repeated in it.
 */
export function problem(c: Context, status: ContentfulStatusCode, detail: string): Response {
  const requestId: string = c.get('requestId')
  return c.json(
    {
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      detail,
      instance: `urn:aplomb:request:${requestId}`,
      request_id: requestId,
    },
    status,
    { 'Content-Type': 'application/problem+json' },
  )
}
