import { expect, test } from 'vitest'
import { CircuitBreakerRegistry } from './circuit-breaker-registry.ts'
import type { CircuitBreakerOptions } from './options.ts'

const keys = (registry: CircuitBreakerRegistry): string[] => Array.from(registry, ([key]) => key)

test('CircuitBreakerRegistry#get makes a circuit per key, once, with options laid over the defaults', () => {
  const registry = new CircuitBreakerRegistry({ defaults: { failureThreshold: 2 } })
  const ledger = registry.get('ledger')
  expect(registry.get('ledger')).toBe(ledger)
  expect(ledger.name).toBe('ledger')
  ledger.acquire().failure()
  const strict = registry.get('strict', { failureThreshold: 1 })
  strict.acquire().failure()
  expect(registry.snapshot().map(({ name, state }) => [name, state])).toEqual([
    ['ledger', 'closed'],
    ['strict', 'open'],
  ])
  expect([registry.size, registry.has('ledger'), registry.delete('ledger'), registry.has('ledger')]).toEqual([
    2,
    true,
    true,
    false,
  ])
})

test('CircuitBreakerRegistry drops the least recently used, closed before open, never the newest', () => {
  const registry = new CircuitBreakerRegistry({ maxCircuits: 2 })
  registry.get('a')
  registry.get('b')
  registry.get('a')
  registry.get('c')
  expect(keys(registry)).toEqual(['a', 'c'])
  registry.get('a').forceOpen()
  registry.get('c')
  registry.get('d')
  expect(keys(registry)).toEqual(['a', 'd'])
  registry.get('d').forceOpen()
  registry.get('e')
  expect(keys(registry)).toEqual(['d', 'e'])
})

test('CircuitBreakerRegistry may be changed while it is iterated', () => {
  const registry = new CircuitBreakerRegistry()
  registry.get('a')
  registry.get('b')
  const seen: string[] = []
  for (const [key] of registry) {
    seen.push(key)
    registry.get(key)
  }
  expect(seen).toEqual(['a', 'b'])
})

test('CircuitBreakerRegistry checks its options when it is made, and keeps none by reference', () => {
  expect(() => new CircuitBreakerRegistry({ maxCircuits: 0 })).toThrow(
    new RangeError('maxCircuits must be an integer >= 1, received 0'),
  )
  expect(() => new CircuitBreakerRegistry({ defaults: { failureThreshold: 0 } })).toThrow(RangeError)
  const window = { type: 'count' as const, size: 1 }
  const defaults: Omit<CircuitBreakerOptions, 'name'> = { window }
  const registry = new CircuitBreakerRegistry({ defaults })
  window.size = 100
  const circuit = registry.get('a')
  circuit.acquire().failure()
  expect(circuit.state).toBe('open')
})
