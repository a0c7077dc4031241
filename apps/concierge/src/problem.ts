import type { Context } from 'hono'
import { STATUS_CODES } from 'node:http'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export interface ProblemOptions {
  readonly status: ContentfulStatusCode
  /** What happened and what to do about it, in a sentence. Nothing of the input is echoed in it. */
  readonly detail: string
  /** How long to wait before the request can succeed; becomes Retry-After. */
  readonly retryAfterMs?: number | undefined
  /** Members beyond the standard ones, such as the `errors` of a validation. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** An RFC 9457 problem as this service answers it, with the request's id, so that a report can be matched with the log. */
export function problem(c: Context, { status, detail, retryAfterMs, extensions }: ProblemOptions): Response {
  const requestId = c.res.headers.get('x-request-id') ?? undefined
  if (retryAfterMs !== undefined) c.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))))
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail,
    ...(requestId !== undefined && { instance: `/requests/${requestId}`, request_id: requestId }),
    ...extensions,
  }
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}
