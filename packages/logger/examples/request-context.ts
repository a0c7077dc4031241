import { createLogger, testSink } from '@aplomb/logger'
import { requestLogger, type RequestLoggerEnv } from '@aplomb/logger/hono'
import { Hono } from 'hono'

const sink = testSink()
// #region app
const logger = createLogger({ service: 'shop', destination: sink.stream })
const orders = logger.child({ component: 'orders' })

async function place(item: string): Promise<string> {
  await Promise.resolve()
  orders.info('order placed', { item }) // knows its request without being told
  return 'ok'
}

const app = new Hono<RequestLoggerEnv>()
app.use(requestLogger({ logger, slowMs: 1_000, skip: (c) => c.req.path === '/health' }))
app.post('/orders/:item', async (c) => c.text(await place(c.req.param('item'))))
// #endregion

const response = await app.request('/orders/tea?token=t1', { method: 'POST', headers: { 'x-request-id': 'r-1' } })
console.log(await response.text()) // → ok
for (const { msg, request_id } of sink.lines()) console.log(request_id, msg)
// → r-1 request received
// → r-1 order placed
// → r-1 POST /orders/tea 200
