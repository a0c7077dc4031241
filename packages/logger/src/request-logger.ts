import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import type { Context, MiddlewareHandler } from 'hono'
import type { Logger } from './logger.ts'

export interface RequestLoggerOptions {
  readonly logger: Logger
  /**
   * Names the request, in at most 128 letters, digits and `_.:=/-`; a new UUID takes the place of any other name.
   * @default the incoming `x-request-id`
   */
  readonly requestId?: ((c: Context) => string) | undefined
  /** Requests for which no lines are written, such as probes. Their `c.var.logger` and context are there all the same. @default none */
  readonly skip?: ((c: Context) => boolean) | undefined
  /** A request that takes longer, in milliseconds, is logged at `warn`. @default Infinity */
  readonly slowMs?: number | undefined
}

/** What the middleware adds to the context: `c.var.logger` names the request in each line, and so does every other logger below. */
export interface RequestLoggerEnv {
  Variables: { logger: Logger }
}

/**
 * Logs each request: a line when it comes in, and one when its body has been sent or its client has gone.
 *
 * @throws {TypeError} without a logger
 * @throws {RangeError} for a `slowMs` below 0
 * @example
 * const app = new Hono<RequestLoggerEnv>().use(requestLogger({ logger }))
 * app.get('/', (c) => {
 *   c.var.logger.info('at work')
 *   return c.text('done')
 * })
 */
export function requestLogger(options: RequestLoggerOptions): MiddlewareHandler<RequestLoggerEnv> {
  const { logger, requestId = incomingId, skip = never, slowMs = Number.POSITIVE_INFINITY } = options
  if (typeof logger?.withContext !== 'function') {
    throw new TypeError(`logger must be a Logger, received ${inspect(logger)}`)
  }
  if (typeof slowMs !== 'number') throw new TypeError(`slowMs must be a number >= 0, received ${inspect(slowMs)}`)
  for (const [name, hook] of Object.entries({ requestId, skip })) {
    if (typeof hook !== 'function') throw new TypeError(`${name} must be a function, received ${inspect(hook)}`)
  }
  if (!(slowMs >= 0)) throw new RangeError(`slowMs must be a number >= 0, received ${slowMs}`)

  return async function requestLoggerMiddleware(c, next) {
    const start = performance.now()
    const named = attempt(logger, 'requestId', requestId, c)
    const request_id = typeof named === 'string' && wellFormedId.test(named) ? named : crypto.randomUUID()
    const child = logger.child({ request_id })
    c.set('logger', child)
    c.header('x-request-id', request_id)

    await logger.withContext({ request_id }, async () => {
      if (attempt(child, 'skip', skip, c)) {
        await next()
        sendBack(c, request_id)
        return
      }
      const { method, path } = c.req
      child.info('request received', { 'http.request.method': method, 'url.path': path })

      let thrown: unknown
      // Whoever reports the end runs outside of the request, and the line belongs to it.
      const finish = AsyncLocalStorage.bind((status: number, aborted: boolean, failure?: unknown) => {
        const durationMs = performance.now() - start
        const error = failure ?? thrown ?? c.error
        const slow = durationMs > slowMs && status < 500 && error === undefined
        child.apiCall({
          method,
          path,
          route: routeOf(c),
          status,
          durationMs,
          error,
          level: slow ? 'warn' : undefined,
          fields: aborted ? { 'http.request.aborted': true } : undefined,
        })
      })

      // Under Node's server the response itself knows when its last byte went out, those of a HEAD and a stream included.
      const outgoing = (c.env as { outgoing?: ServerResponse } | undefined)?.outgoing
      const byNode = typeof outgoing?.once === 'function'
      if (byNode) {
        const closed = (): void =>
          finish(outgoing.headersSent ? outgoing.statusCode : clientClosedRequest, !outgoing.writableFinished)
        // A slow middleware before this one may have outlasted the client.
        if (outgoing.destroyed) closed()
        else outgoing.once('close', closed)
      }
      try {
        await next()
      } catch (error) {
        thrown = error
        if (!byNode) finish(500, false)
        throw error
      }
      // Again, for a handler that made its Response by itself.
      sendBack(c, request_id)
      if (byNode) return
      const { status, body } = c.res
      if (body === null || body.locked || method === 'HEAD') finish(status, false)
      else
        c.res = new Response(
          watched(body, (aborted, failure) => finish(status, aborted, failure)),
          c.res,
        )
    })
  }
}

/** Hono builds a response anew to add a header, which one of a protocol switch (101) or with a used body does not allow. */
function sendBack(c: Context, id: string): void {
  try {
    c.header('x-request-id', id)
  } catch {
    // It goes out as it is: the id is not worth the answer.
  }
}

/** nginx's status for a client that left before there was an answer. */
const clientClosedRequest = 499

/** The same body, whose end is reported once: sent, failed, or given up by its reader. */
function watched(
  body: ReadableStream<Uint8Array>,
  onEnd: (aborted: boolean, failure?: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          controller.close()
          onEnd(false)
        } catch (error) {
          controller.error(error)
          onEnd(false, error)
        }
      },
      cancel(reason) {
        onEnd(true)
        return reader.cancel(reason)
      },
    },
    // Nothing is read ahead of the client, so that the end is not reported before its time.
    { highWaterMark: 0 },
  )
}

/** An id goes into every line and back into a header, so that only a short plain word will do. */
const wellFormedId = /^[\w.:=/-]{1,128}$/

const incomingId = (c: Context): string | undefined => c.req.header('x-request-id')
const never = (): boolean => false

/** What a hook says. One that throws is reported, and costs the request nothing. */
function attempt<T>(logger: Logger, name: string, hook: (c: Context) => T, c: Context): T | undefined {
  try {
    return hook(c)
  } catch (error) {
    logger.error(`requestLogger: ${name} failed`, { error })
    return undefined
  }
}

/** The pattern of the handler that answered; where none did, that of a middleware is left over, which says nothing. */
function routeOf(c: Context): string | undefined {
  const { routePath } = c.req
  return routePath.endsWith('*') ? undefined : routePath
}
