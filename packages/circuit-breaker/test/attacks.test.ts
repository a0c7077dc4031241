import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  CircuitBreakerRegistry,
  isCircuitOpenError,
  type Permit,
} from '@aplomb/circuit-breaker'
import { describe, expect, test, vi } from 'vitest'
import { ManualClock } from './manual-clock.ts'

const broken = new Error('broken')

function setUp(options: CircuitBreakerOptions = {}): { breaker: CircuitBreaker; clock: ManualClock } {
  const clock = new ManualClock()
  return { clock, breaker: new CircuitBreaker({ failureThreshold: 1, openDurationMs: 100, clock, ...options }) }
}

const fault = (): never => {
  throw broken
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('hostile values', () => {
  const hostile: [string, unknown][] = [
    ['an error with a throwing code', Object.defineProperty(new Error('mine'), 'code', { get: fault })],
    ['a revoked proxy', revoked()],
    ['null', null],
  ]

  test.each(hostile)('execute rejects with %s as it is, and counts one failure', async (_, error) => {
    const { breaker } = setUp({ failureThreshold: 3 })
    const thrown = breaker.execute(() => {
      throw error
    })
    const results = await Promise.allSettled([thrown, breaker.execute(() => Promise.reject(error))])
    expect(results.every((result) => result.status === 'rejected' && result.reason === error)).toBe(true)
    expect(breaker.snapshot().counts).toMatchObject({ failure: 2, inFlight: 0 })
  })

  test.each(hostile)('isCircuitOpenError says no to %s', (_, error) => {
    expect(isCircuitOpenError(error)).toBe(false)
  })

  test('execute turns a throwing signal getter of its options into a rejection', async () => {
    const { breaker } = setUp()
    const options = Object.defineProperty({}, 'signal', { get: fault })
    await expect(breaker.execute(() => 1, options)).rejects.toBe(broken)
  })

  test('execute turns a promise with a throwing constructor into one failure', async () => {
    const { breaker } = setUp()
    const promise = Object.defineProperty(Promise.resolve(1), 'constructor', { get: fault })
    await expect(breaker.execute(() => promise)).rejects.toBe(broken)
    expect(breaker.snapshot()).toMatchObject({ state: 'open', lastError: 'broken' })
  })

  test('execute returns a promise, and counts once, whatever then somebody put on the one of fn', async () => {
    const { breaker } = setUp()
    const promise = Promise.resolve(1)
    const then = (answer: (value: number) => void): void => {
      answer(1)
      answer(2)
    }
    // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
    void Object.defineProperty(promise, 'then', { value: then })
    await expect(breaker.execute(() => promise)).resolves.toBe(1)
    expect(breaker.snapshot().counts).toMatchObject({ success: 1, inFlight: 0 })
  })

  test.each([
    ['throws', fault],
    ['returns NaN', () => Number.NaN],
  ])('a clock that %s is reported and changes no result', async (_, now) => {
    const report = vi.fn<(error: unknown) => void>()
    const breaker = new CircuitBreaker({
      clock: { now },
      onListenerError: report,
      window: { type: 'time', durationMs: 100 },
    })
    await expect(breaker.execute(() => 1)).resolves.toBe(1)
    await expect(breaker.execute(fault)).rejects.toBe(broken)
    await expect(breaker.execute(() => 1)).resolves.toBe(1)
    expect(report).toHaveBeenCalled()
    expect(breaker.snapshot().counts).toMatchObject({ success: 2, failure: 1, inFlight: 0 })
  })
})

describe('functions of the caller that change the circuit', () => {
  test('an openDurationMs that forces the circuit open is told as a second change', () => {
    const told: string[] = []
    const { breaker } = setUp({
      openDurationMs: () => {
        breaker.forceOpen()
        return 100
      },
    })
    breaker.on('stateChange', ({ from, to, snapshot }) => told.push(`${from} → ${to}, ${snapshot.state}`))
    breaker.acquire().failure(broken)
    expect(breaker.state).toBe('forced-open')
    expect(told).toEqual(['closed → open, open', 'open → forced-open, forced-open'])
  })

  test('an openDurationMs that resets the circuit and makes a call leaves no count below 0', () => {
    let permit: Permit | undefined
    const { breaker } = setUp({
      openDurationMs: () => {
        breaker.reset()
        permit = breaker.acquire()
        return 100
      },
    })
    breaker.acquire().failure(broken)
    permit?.success()
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { success: 1, failure: 0, inFlight: 0 } })
  })

  test('an openDurationMs that opens the circuit again is not asked about that', () => {
    const openDurationMs = vi.fn<() => number>(() => {
      breaker.reset()
      breaker.acquire().failure(broken)
      return 100
    })
    const { breaker } = setUp({ openDurationMs })
    breaker.acquire().failure(broken)
    expect(openDurationMs).toHaveBeenCalledOnce()
    expect(breaker.snapshot()).toMatchObject({ state: 'open', retryAfterMs: 30_000 })
  })

  test.each([
    ['openDurationMs', { openDurationMs: (): number => Number.NaN }],
    ['classify', { classify: fault }],
  ])('an onListenerError that disables the circuit has its way, told of a fault of %s', async (_, options) => {
    const { breaker } = setUp({ ...options, onListenerError: () => breaker.disable() })
    await breaker.execute(fault).catch(() => {})
    expect(breaker.snapshot()).toMatchObject({ state: 'disabled', counts: { inFlight: 0 } })
  })

  test('an onListenerError that uses the circuit is told once of a clock that throws', () => {
    const report = vi.fn<(error: unknown) => void>(() => breaker.disable())
    const breaker = new CircuitBreaker({ clock: { now: fault }, onListenerError: report })
    breaker.forceOpen()
    expect(report.mock.calls).toEqual([[broken]])
  })

  test('a classify that resets the circuit turns its own outcome away', async () => {
    const { breaker } = setUp({
      classify: () => {
        breaker.reset()
        return 'failure'
      },
    })
    await breaker.execute(() => 1)
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { failure: 0, inFlight: 0 } })
  })

  test('CircuitBreakerRegistry keeps to maxCircuits though listeners ask it for more', () => {
    const clock = new ManualClock()
    const defaults = { failureThreshold: 1, openDurationMs: 10, clock }
    const registry = new CircuitBreakerRegistry({ maxCircuits: 2, defaults })
    for (const key of ['a', 'b']) {
      const circuit = registry.get(key)
      circuit.acquire().failure(broken)
      circuit.on('stateChange', () => registry.get(`fallback of ${key}`))
    }
    clock.advance(10)
    for (const key of ['c', 'd', 'e']) {
      registry.get(key)
      expect(registry.size).toBe(2)
    }
  })

  test('an async listener that rejects is reported', async () => {
    const report = vi.fn<(error: unknown) => void>()
    const { breaker } = setUp({ onListenerError: report })
    breaker.on('stateChange', async () => fault())
    breaker.forceOpen()
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(report.mock.calls).toEqual([[broken]])
  })
})

describe('time', () => {
  test.each([
    [
      { type: 'time', durationMs: Number.MIN_VALUE },
      'window.durationMs must be >= 0.01 for 10 buckets, received 5e-324',
    ],
    [{ type: 'time', durationMs: 1, buckets: 10_000 }, 'window.durationMs must be >= 10 for 10000 buckets, received 1'],
  ] as const)('CircuitBreaker refuses buckets too short to be told apart: %j', (window, message) => {
    expect(() => new CircuitBreaker({ window })).toThrow(new RangeError(message))
  })

  test('the shortest buckets work by the time of day', async () => {
    const window = { type: 'time', durationMs: 0.01, minimumCalls: 1 } as const
    const breaker = new CircuitBreaker({ window, clock: Date })
    await expect(breaker.execute(fault)).rejects.toBe(broken)
    expect(breaker.state).toBe('open')
  })

  test('whoever waits for exactly retryAfterMs is let through', () => {
    let now = 0
    for (let round = 0; round < 500; round += 1) {
      now = round * 777.77
      const breaker = new CircuitBreaker({ failureThreshold: 1, openDurationMs: 1_000.1, clock: { now: () => now } })
      breaker.acquire().failure()
      now += 333.3
      now += breaker.snapshot().retryAfterMs ?? 0
      expect(breaker.state).toBe('half-open')
      breaker.acquire()
      now += 333.3
      now += breaker.snapshot().retryAfterMs ?? 0
      breaker.acquire().ignore()
    }
  })

  test('calls are timed only while somebody listens to outcomes', async () => {
    const { breaker, clock } = setUp()
    breaker.on('success', () => {})()
    await breaker.execute(() => 1)
    expect(clock.reads).toBe(0)
  })

  test('a probe costs the same however many there are', () => {
    const cost = (probes: number): number => {
      const { breaker, clock } = setUp({ successThreshold: probes, halfOpen: { maxConcurrent: probes } })
      breaker.acquire().failure()
      clock.advance(100)
      const start = performance.now()
      for (const permit of Array.from({ length: probes }, () => breaker.acquire())) permit.success()
      expect(breaker.state).toBe('closed')
      return performance.now() - start
    }
    const least = (probes: number): number => Math.min(...Array.from({ length: 4 }, () => cost(probes)))
    // If each cost as much as there are, it would take 64 times as long.
    expect(least(32_000)).toBeLessThan(24 * Math.max(1, least(4_000)))
  })
})

describe('probes', () => {
  test('a probe aborted by its caller decides nothing by the value it then gives', async () => {
    const { breaker, clock } = setUp()
    breaker.acquire().failure()
    clock.advance(100)
    const controller = new AbortController()
    const probe = breaker.execute(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('partial'))),
      { signal: controller.signal },
    )
    controller.abort()
    await expect(probe).resolves.toBe('partial')
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { ignored: 1, inFlight: 0 } })
  })
})

describe('what is told', () => {
  test('the cause of an opening by slow successes is no failure of long ago', async () => {
    const openDurationMs = vi.fn<(context: { error: unknown }) => number>(() => 100)
    const clock = new ManualClock()
    const breaker = new CircuitBreaker({
      clock,
      openDurationMs,
      window: { type: 'time', durationMs: 1_000, minimumCalls: 1, slowCallMs: 10, slowCallRate: 1, failureRate: 1 },
    })
    breaker.acquire().success()
    breaker.acquire().failure(broken)
    clock.advance(5_000)
    await breaker.execute(() => clock.advance(11))
    expect(openDurationMs.mock.calls).toEqual([[{ openings: 1, error: undefined }]])
    await expect(breaker.execute(() => 1)).rejects.toSatisfy((error: Error) => error.cause === undefined)
  })

  test('snapshot has no lastError for a failure without an error, and always text', async () => {
    const { breaker } = setUp({ classify: () => 'failure', failureThreshold: 9 })
    await breaker.execute(() => ({ status: 503 }))
    expect(breaker.snapshot()).not.toHaveProperty('lastError')
    breaker.acquire().failure(Object.assign(new Error('x'), { message: 10n }))
    expect(breaker.snapshot().lastError).toBe('10')
  })

  test('snapshot has no retryAfterMs while forced open, and keeps openings until it is closed', () => {
    const { breaker } = setUp()
    breaker.acquire().failure()
    breaker.forceOpen()
    expect(breaker.snapshot()).not.toHaveProperty('retryAfterMs')
    expect(breaker.snapshot().openings).toBe(1)
    breaker.reset()
    expect(breaker.snapshot().openings).toBe(0)
  })

  test('a rejection with stackTraces names its caller', async () => {
    const { breaker } = setUp({ stackTraces: true })
    breaker.forceOpen()
    const theCaller = async (): Promise<number> => await breaker.execute(() => 1)
    await expect(theCaller()).rejects.toSatisfy((error: Error) => error.stack?.includes('theCaller') === true)
  })

  test('a listener stopped while others are told is not told', () => {
    const { breaker } = setUp()
    const listener = vi.fn<() => void>()
    breaker.on('stateChange', () => stop())
    const stop = breaker.on('stateChange', listener)
    breaker.forceOpen()
    expect(listener).not.toHaveBeenCalled()
  })

  test("a copy of the context keeps the caller's signal", async () => {
    const { breaker } = setUp()
    const { signal } = new AbortController()
    await expect(breaker.execute((context) => ({ ...context }), { signal })).resolves.toEqual({ signal })
  })
})

describe('options', () => {
  const window = { type: 'count', size: 10 }
  test.each<[unknown, ErrorConstructor, string]>([
    [{ window: { ...window, failureRate: Infinity } }, RangeError, 'window.failureRate must be a number in (0, 1], '],
    [{ window: { ...window, slowCallRate: Infinity } }, RangeError, 'window.slowCallRate must be a number in (0, 1], '],
    [{ window: { ...window, slowCallMs: Infinity } }, RangeError, 'window.slowCallMs must be a finite number >= 0, '],
    [{ window: { ...window, size: 2 ** 40 } }, RangeError, 'window.size must be an integer <= 1000000, received 109'],
    [
      { window: { type: 'time', durationMs: 1, buckets: 2 ** 32 } },
      RangeError,
      'window.buckets must be an integer <= 10000, received 4294967296',
    ],
    [{ window: null }, TypeError, 'window must be an object, received null'],
    [{ halfOpen: null }, TypeError, 'halfOpen must be an object, received null'],
    [{ halfOpen: 5 }, TypeError, 'halfOpen must be an object, received 5'],
    [{ halfOpen: { maxDurationMs: 0 } }, RangeError, 'halfOpen.maxDurationMs must be a finite number > 0, received 0'],
    [{ failureThreshold: 5n }, TypeError, 'failureThreshold must be an integer >= 1, received 5n'],
    [{ failureThreshold: Object.create(null) }, TypeError, 'failureThreshold must be an integer >= 1, received an obj'],
    [
      { openDurationMs: Object.create(null) },
      TypeError,
      'openDurationMs must be a finite number >= 0, received an obj',
    ],
    [null, TypeError, 'options must be an object, received null'],
  ])('CircuitBreaker refuses by name: case %#', (options, Fault, message) => {
    const make = (): CircuitBreaker => new CircuitBreaker(options as CircuitBreakerOptions)
    expect(make).toThrow(Fault)
    expect(make).toThrow(message)
  })

  test('on refuses an event it does not know and a listener that is none', () => {
    const { breaker } = setUp()
    expect(() => breaker.on('statechange' as 'stateChange', () => {})).toThrow(
      new TypeError('event must be one of stateChange, success, failure, ignore, rejected, received "statechange"'),
    )
    expect(() => breaker.on('success', undefined as never)).toThrow(
      new TypeError('listener must be a function, received undefined'),
    )
  })

  test('CircuitBreakerRegistry#get names a circuit by its key, and undefined leaves the defaults as they are', () => {
    const registry = new CircuitBreakerRegistry({ defaults: { failureThreshold: 1 } })
    const options = { name: 'other', failureThreshold: undefined } as unknown as CircuitBreakerOptions
    const circuit = registry.get('key', options)
    circuit.acquire().failure()
    expect([circuit.name, circuit.state]).toEqual(['key', 'open'])
  })
})
