import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isTimeoutError, retry } from '@aplomb/retry'

let requests = 0
const server = createServer((_, response) => {
  requests += 1
  if (requests === 1) response.writeHead(503, { 'retry-after': '0' }).end()
  else if (requests === 3) setTimeout(() => response.end('too late'), 500)
  else response.end('hello')
}).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

// #region response
const response = await retry(({ signal }) => fetch(url, { signal }), {
  initialDelayMs: 10,
  attemptTimeoutMs: 2_000,
  totalTimeoutMs: 10_000,
  retryResultIf: (value) => value instanceof Response && [429, 502, 503, 504].includes(value.status),
  onRetry: ({ attempt, error }) => {
    console.log(`attempt ${attempt} failed`) // → attempt 1 failed
    // A body that nobody reads keeps its connection.
    if (error instanceof Response) void error.body?.cancel()
  },
})
console.log(response.status, await response.text()) // → 200 hello
// #endregion

// #region timeout
try {
  await retry(({ signal }) => fetch(url, { signal }), { totalTimeoutMs: 100 })
} catch (error) {
  if (!isTimeoutError(error)) throw error
  console.log(error.scope, error.message) // → total The call and its retries did not end within 100 ms
}
// #endregion

server.closeAllConnections()
server.close()
