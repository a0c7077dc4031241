import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CircuitBreaker, CircuitBreakerRegistry } from '@aplomb/circuit-breaker'

const server = createServer((_, response) => response.writeHead(503).end())
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo

// #region classify
// One circuit per host. It opens when half of the last 20 answers were bad, once there are 4 of them.
const circuits = new CircuitBreakerRegistry({
  defaults: {
    window: { type: 'count', size: 20, minimumCalls: 4 },
    // `fetch` resolves for every status: here a 5xx is the host's failure, and a 4xx is the caller's own.
    classify: (outcome) => (outcome.ok && (outcome.value as Response).status < 500 ? 'success' : 'failure'),
  },
})

async function get(url: URL, signal?: AbortSignal): Promise<Response> {
  const circuit = circuits.get(url.host)
  return circuit.execute((context) => fetch(url, { signal: context.signal }), { signal })
}
// #endregion

const url = new URL(`http://127.0.0.1:${port}/`)
await Promise.all([get(url), get(url), get(url), get(url)])
console.log(circuits.get(url.host).state) // → open
server.close()

// #region events
const breaker = new CircuitBreaker({ name: 'search' })
breaker.on('stateChange', ({ circuit, from, to }) => console.log(`${circuit}: ${from} → ${to}`))
breaker.forceOpen() // for a maintenance window; only `reset()` or `disable()` end it
breaker.reset()
// #endregion
// → search: closed → forced-open
// → search: forced-open → closed
