import { expect, test } from 'vitest'
import { CircuitBreaker } from './circuit-breaker.ts'
import type { CircuitBreakerOptions } from './options.ts'

const refused: [unknown, ErrorConstructor, string][] = [
  [{ failureThreshold: 0 }, RangeError, 'failureThreshold must be an integer >= 1, received 0'],
  [{ failureThreshold: Number.NaN }, RangeError, 'failureThreshold must be an integer >= 1, received NaN'],
  [{ failureThreshold: '5' }, TypeError, 'failureThreshold must be an integer >= 1, received "5"'],
  [{ successThreshold: 1.5 }, RangeError, 'successThreshold must be an integer >= 1, received 1.5'],
  [{ openDurationMs: Infinity }, RangeError, 'openDurationMs must be a finite number >= 0, received Infinity'],
  [{ openDurationMs: '1s' }, TypeError, 'openDurationMs must be a finite number >= 0, received "1s"'],
  [{ halfOpen: { maxConcurrent: 0 } }, RangeError, 'halfOpen.maxConcurrent must be an integer >= 1, received 0'],
  [{ halfOpen: { maxDurationMs: -1 } }, RangeError, 'halfOpen.maxDurationMs must be a finite number > 0, received -1'],
  [{ name: 5 }, TypeError, 'name must be a string, received 5'],
  [{ classify: 5 }, TypeError, 'classify must be a function, received 5'],
  [{ clock: 5 }, TypeError, 'clock must be an object with now(), received 5'],
  [{ stackTraces: 1 }, TypeError, 'stackTraces must be a boolean, received 1'],
  [{ onListenerError: 1 }, TypeError, 'onListenerError must be a function, received 1'],
  [
    { failureThreshold: 5, window: { type: 'count', size: 5 } },
    TypeError,
    'failureThreshold must not be given together with window, received 5',
  ],
  [{ window: { type: 'sum' } }, TypeError, `window.type must be 'count' or 'time', received "sum"`],
  [{ window: { type: 'count', size: 0 } }, RangeError, 'window.size must be an integer >= 1, received 0'],
  [
    { window: { type: 'count', size: 5, minimumCalls: 6 } },
    RangeError,
    'window.minimumCalls must be an integer <= size (5), received 6',
  ],
  [
    { window: { type: 'count', size: 5, failureRate: 0 } },
    RangeError,
    'window.failureRate must be a number in (0, 1], received 0',
  ],
  [
    { window: { type: 'count', size: 5, slowCallRate: 2, slowCallMs: 1 } },
    RangeError,
    'window.slowCallRate must be a number in (0, 1], received 2',
  ],
  [
    { window: { type: 'count', size: 5, slowCallRate: 1 } },
    TypeError,
    'window.slowCallRate must be accompanied by slowCallMs, received 1',
  ],
  [
    { window: { type: 'count', size: 5, slowCallMs: -1 } },
    RangeError,
    'window.slowCallMs must be a finite number >= 0, received -1',
  ],
  [
    { window: { type: 'time', durationMs: 0 } },
    RangeError,
    'window.durationMs must be a finite number > 0, received 0',
  ],
  [
    { window: { type: 'time', durationMs: 1, buckets: 0 } },
    RangeError,
    'window.buckets must be an integer >= 1, received 0',
  ],
]

test.each(refused)('CircuitBreaker refuses %j', (options, Fault, message) => {
  expect(() => new CircuitBreaker(options as CircuitBreakerOptions)).toThrow(new Fault(message))
})

test('CircuitBreaker does not keep, change or mix the options of its callers', () => {
  const options: CircuitBreakerOptions = Object.freeze({ failureThreshold: 1, halfOpen: Object.freeze({}) })
  const one = new CircuitBreaker(options)
  const other = new CircuitBreaker(options)
  one.acquire().failure()
  expect([one.state, other.state]).toEqual(['open', 'closed'])
})

test('CircuitBreaker compares minimumCalls with the default of a small window', () => {
  const breaker = new CircuitBreaker({ window: { type: 'count', size: 2 } })
  breaker.acquire().failure()
  expect(breaker.state).toBe('closed')
  breaker.acquire().failure()
  expect(breaker.state).toBe('open')
})

test('an unknown option does not compile', () => {
  // @ts-expect-error -- a misspelt option must be seen by the compiler
  expect(new CircuitBreaker({ failureTreshold: 1 }).name).toBe('circuit')
})
