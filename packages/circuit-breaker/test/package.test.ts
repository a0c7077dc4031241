import * as circuitBreaker from '@aplomb/circuit-breaker'
import { expect, test } from 'vitest'

test('@aplomb/circuit-breaker exports what its README names, and nothing else', () => {
  expect(Object.keys(circuitBreaker).sort()).toEqual([
    'CircuitBreaker',
    'CircuitBreakerRegistry',
    'CircuitOpenError',
    'isCircuitOpenError',
    'trackStream',
  ])
})
