import { CircuitBreaker, trackStream } from '@aplomb/circuit-breaker'

async function* complete(prompt: string): AsyncGenerator<string> {
  yield `You asked: ${prompt}`
  throw new Error('the model went away')
}

// #region stream
const breaker = new CircuitBreaker({ name: 'model', failureThreshold: 1 })
const permit = breaker.acquire() // throws CircuitOpenError while open

try {
  // The call is not over when the stream begins: its end, or an error midway, decides.
  for await (const token of trackStream(permit, complete('the weather'))) console.log(token)
} catch (error) {
  console.log((error as Error).message, '·', breaker.state)
}
// #endregion
// → You asked: the weather
// → the model went away · open
