import { requestLogger } from '@aplomb/logger/hono'
import { isValidationError, toProblem } from '@aplomb/validation'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ConciergeUnavailableError, SessionNotFoundError } from './chat.ts'
import type { Dependencies } from './dependencies.ts'
import { problem } from './problem.ts'
import { capabilities } from './routes/capabilities.ts'
import { chat } from './routes/chat.ts'
import { health } from './routes/health.ts'
import { session } from './routes/session.ts'

/** The concierge's HTTP interface. Making it has no side effect. */
export function createApp(dependencies: Dependencies): Hono {
  const { logger, isDraining } = dependencies
  const app = new Hono()
  app.use(requestLogger({ logger }))
  app.use(async (c, next) => {
    if (isDraining()) {
      c.header('connection', 'close')
      return problem(c, {
        status: 503,
        detail: 'The service is stopping. Send the request again in a moment.',
        retryAfterMs: 1_000,
      })
    }
    await next()
    // A connection kept alive would hold the process until it idles out.
    if (isDraining()) c.header('connection', 'close')
  })

  app.route('/', capabilities())
  app.route('/health', health(dependencies))
  app.route('/api/v1/concierge/session', session(dependencies))
  app.route('/api/v1/concierge/chat', chat(dependencies))

  app.notFound((c) => problem(c, { status: 404, detail: 'There is nothing at this path. GET / lists what there is.' }))
  app.onError((error, c) => {
    if (error instanceof SessionNotFoundError) return problem(c, { status: 404, detail: 'There is no such session.' })
    if (error instanceof ConciergeUnavailableError) {
      return problem(c, {
        status: 503,
        detail:
          'Neither the help centre nor the language model can be reached. Account, branch and exchange rate questions still work.',
        retryAfterMs: error.retryAfterMs,
      })
    }
    // Not a ZodError: one that gets here is about our own data, and our fault.
    const known = isValidationError(error) ? toProblem(error) : undefined
    if (known !== undefined) {
      const { type: _type, title: _title, status, detail, ...extensions } = known
      return problem(c, { status, detail, extensions })
    }
    if (error instanceof HTTPException) return problem(c, { status: error.status, detail: 'The request was refused.' })
    if (c.req.raw.signal.aborted) return problem(c, { status: 408, detail: 'The client went away.' })
    logger.error('Request failed', { error })
    return problem(c, { status: 500, detail: 'Something failed on our side. It has been logged under the request id.' })
  })
  return app
}
