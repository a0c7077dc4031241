import { CircuitBreaker, isCircuitOpenError } from '@aplomb/circuit-breaker'

const breaker = new CircuitBreaker({ name: 'ledger', failureThreshold: 2, openDurationMs: 30_000 })

async function readBalance(): Promise<string> {
  throw new Error('connection refused')
}

async function balance(): Promise<string> {
  try {
    return await breaker.execute(readBalance)
  } catch (error) {
    return isCircuitOpenError(error) ? `not called: ${error.message}` : 'called, and failed'
  }
}

console.log(await balance()) // → called, and failed
console.log(await balance()) // → called, and failed
console.log(await balance()) // → not called: Circuit "ledger" is open; try again in 30000 ms
