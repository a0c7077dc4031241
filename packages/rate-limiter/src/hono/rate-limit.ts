import type { Context, MiddlewareHandler } from 'hono'
import { checkDuration, checkInteger, checkOptional, checkType, shown } from '../check.ts'
import type { Decision } from '../decision.ts'
import type { RateLimiter } from '../rate-limiter.ts'

/** Who is limited, by what, and what the responses say. */
export interface RateLimitOptions {
  /** The limits. */
  readonly limiter: Pick<RateLimiter, 'check'>
  /** Whose tokens a request takes; see `clientIp`. */
  readonly key: (c: Context) => string | Promise<string>
  /** How many tokens a request takes. @default 1 */
  readonly cost?: number | ((c: Context) => number | Promise<number>) | undefined
  /** How long a request may wait for its tokens, in milliseconds. @default 0 */
  readonly waitMs?: number | undefined
  /** Which requests pass without being counted. @default none */
  readonly skip?: ((c: Context) => boolean | Promise<boolean>) | undefined
  /**
   * What responses tell of the limit. `ietf`: `RateLimit-Policy` and `RateLimit` as in
   * draft-ietf-httpapi-ratelimit-headers-09. `legacy`: `X-RateLimit-Limit`, `-Remaining` and `-Reset`, the latter in
   * seconds from now. A denial has its `Retry-After` in any case. @default 'ietf'
   */
  readonly headers?: 'ietf' | 'legacy' | false | undefined
  /** Answers a denied request; the headers are added. @default a 429 with application/problem+json (RFC 9457) */
  readonly onDenied?: ((c: Context, decision: Decision) => Response | Promise<Response>) | undefined
}

/**
 * Lets a request pass if its key has the tokens, and answers 429 otherwise. A client that goes away while its request
 * waits gives up its place.
 *
 * @throws {RangeError | TypeError} on an option that makes no sense.
 * @example
 * app.use('/api/*', rateLimit({ limiter, key: clientIp() }))
 */
export function rateLimit({
  limiter,
  key,
  cost = 1,
  waitMs = 0,
  skip,
  headers = 'ietf',
  onDenied = problem,
}: RateLimitOptions): MiddlewareHandler {
  if (typeof limiter?.check !== 'function') {
    throw new TypeError(`limiter must be a RateLimiter, received ${shown(limiter)}`)
  }
  checkType('key', key, 'function')
  if (typeof cost !== 'function') checkInteger('cost', cost, 0)
  checkOptional('skip', skip, 'function')
  checkType('onDenied', onDenied, 'function')
  checkDuration('waitMs', waitMs)
  if (![false, 'ietf', 'legacy'].includes(headers)) {
    throw new TypeError(`headers must be 'ietf', 'legacy' or false, received ${JSON.stringify(headers)}`)
  }

  return async (c, next) => {
    if (skip !== undefined && (await skip(c))) return next()
    const tokens = typeof cost === 'function' ? await cost(c) : cost
    const { signal } = c.req.raw
    let decision: Decision
    try {
      decision = await limiter.check(await key(c), tokens, { timeoutMs: waitMs, signal })
    } catch (error) {
      if (signal.aborted && error === signal.reason) return clientClosedRequest()
      throw error
    }
    // The headers come last, so that a handler that returns a response of its own making has them too.
    if (decision.allowed) await next()
    else c.res = await onDenied(c, decision)
    for (const [name, value] of fields(decision, headers)) c.header(name, value)
    return undefined
  }
}

/** Nobody is there to read it; the number is nginx's, for the logs. */
function clientClosedRequest(): Response {
  return new Response(null, { status: 499 })
}

function problem(_: Context, decision: Decision): Response {
  return Response.json(
    {
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: `The rate limit is reached; try again in ${retryAfterSeconds(decision)} s`,
    },
    { status: 429, headers: { 'content-type': 'application/problem+json' } },
  )
}

function fields(decision: Decision, headers: 'ietf' | 'legacy' | false): [name: string, value: string][] {
  const { allowed, limitName = 'default' } = decision
  const [limit, remaining] = [decision.limit, decision.remaining].map((count) => Math.min(count, largestInteger))
  const reset = Math.ceil(decision.resetAfterMs / 1000)
  const all: [name: string, value: string][] = []
  if (headers === 'ietf') {
    const policy = structuredString(limitName)
    all.push(['RateLimit-Policy', `${policy};q=${limit}`], ['RateLimit', `${policy};r=${remaining};t=${reset}`])
  }
  if (headers === 'legacy') {
    all.push(['X-RateLimit-Limit', `${limit}`], ['X-RateLimit-Remaining', `${remaining}`])
    all.push(['X-RateLimit-Reset', `${reset}`])
  }
  if (!allowed) all.push(['Retry-After', `${retryAfterSeconds(decision)}`])
  return all
}

function retryAfterSeconds({ retryAfterMs }: Decision): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000))
}

/** The largest Integer of RFC 9651. */
const largestInteger = 999_999_999_999_999

/** A String of RFC 9651, which holds printable ASCII only. */
function structuredString(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
