import { describe, expect, test, vi } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { isCircuitOpenError } from './circuit-open-error.ts'
import type { CircuitBreakerOptions } from './options.ts'

const broken = new Error('broken')
const fail = (): Promise<never> => Promise.reject(broken)
const succeed = (): Promise<string> => Promise.resolve('fine')

function setUp(options: CircuitBreakerOptions = {}): { breaker: CircuitBreaker; clock: ManualClock } {
  const clock = new ManualClock()
  return { clock, breaker: new CircuitBreaker({ failureThreshold: 1, openDurationMs: 100, clock, ...options }) }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => {}, () => {}]
  const promise = new Promise<T>((...settlers) => ([resolve, reject] = settlers))
  return { promise, resolve, reject }
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it did not reject'),
    (error: unknown) => error,
  )

describe('1. states', () => {
  test('CircuitBreaker opens at the threshold, by the failure that reaches it', async () => {
    const { breaker } = setUp({ failureThreshold: 3 })
    await errorOf(breaker.execute(fail))
    await errorOf(breaker.execute(fail))
    expect(breaker.state).toBe('closed')
    await errorOf(breaker.execute(fail))
    expect(breaker.state).toBe('open')
  })

  test('CircuitBreaker counts failures in a row only', async () => {
    const { breaker } = setUp({ failureThreshold: 2 })
    await errorOf(breaker.execute(fail))
    await breaker.execute(succeed)
    await errorOf(breaker.execute(fail))
    expect(breaker.state).toBe('closed')
  })

  test('CircuitBreaker rejects while open without calling, and names the cause', async () => {
    const { breaker, clock } = setUp({ name: 'ledger' })
    await errorOf(breaker.execute(fail))
    clock.advance(30)
    const fn = vi.fn<() => void>()
    const error = await errorOf(breaker.execute(fn))
    expect(fn).not.toHaveBeenCalled()
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'CircuitOpenError',
      code: 'CIRCUIT_OPEN',
      retryable: false,
      retryAfterMs: 70,
      circuit: 'ledger',
      cause: broken,
    })
  })

  test('CircuitBreaker#state reads half-open as soon as openDurationMs has passed', async () => {
    const { breaker, clock } = setUp()
    await errorOf(breaker.execute(fail))
    clock.advance(99)
    expect(breaker.state).toBe('open')
    clock.advance(1)
    expect(breaker.state).toBe('half-open')
  })

  test('CircuitBreaker closes after successThreshold successes in a row', async () => {
    const { breaker, clock } = setUp({ successThreshold: 2 })
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    await breaker.execute(succeed)
    expect(breaker.state).toBe('half-open')
    await breaker.execute(succeed)
    expect(breaker.state).toBe('closed')
    expect(breaker.snapshot()).toMatchObject({ openings: 0, counts: { success: 0, failure: 0 } })
  })

  test('CircuitBreaker opens again on any failure of a probe, with openings one higher', async () => {
    const openDurationMs = vi.fn<(context: { openings: number; error: unknown }) => number>(
      ({ openings }) => openings * 100,
    )
    const { breaker, clock } = setUp({ successThreshold: 2, openDurationMs })
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    await breaker.execute(succeed)
    await errorOf(breaker.execute(fail))
    expect(breaker.snapshot()).toMatchObject({ state: 'open', openings: 2, retryAfterMs: 200 })
    expect(openDurationMs.mock.calls).toEqual([[{ openings: 1, error: broken }], [{ openings: 2, error: broken }]])
  })

  test.each([
    [
      'throws',
      (): number => {
        throw broken
      },
    ],
    ['returns NaN', () => Number.NaN],
    ['returns Infinity', () => Infinity],
    ['returns less than 0', () => -1],
  ])('openDurationMs that %s is reported, and the default used', async (_, openDurationMs) => {
    const onListenerError = vi.fn<(error: unknown) => void>()
    const { breaker } = setUp({ openDurationMs, onListenerError })
    await errorOf(breaker.execute(fail))
    expect(breaker.snapshot().retryAfterMs).toBe(30_000)
    expect(onListenerError).toHaveBeenCalledOnce()
  })

  test('a success may open a CircuitBreaker: by being slow, and by being the call that minimumCalls waited for', async () => {
    const clock = new ManualClock()
    const slow = new CircuitBreaker({
      clock,
      window: { type: 'count', size: 1, slowCallMs: 10, slowCallRate: 1 },
    })
    await slow.execute(() => clock.advance(11))
    expect(slow.state).toBe('open')

    const late = new CircuitBreaker({ clock, window: { type: 'count', size: 4, minimumCalls: 2 } })
    await errorOf(late.execute(fail))
    expect(late.state).toBe('closed')
    await late.execute(succeed)
    expect(late.state).toBe('open')
  })

  test('forceOpen and disable hold until reset, which empties the counters and moves the generation', async () => {
    const { breaker, clock } = setUp()
    breaker.forceOpen()
    clock.advance(1e9)
    expect(breaker.state).toBe('forced-open')
    expect(await errorOf(breaker.execute(succeed))).toMatchObject({ retryAfterMs: undefined })
    breaker.disable()
    await errorOf(breaker.execute(fail))
    await errorOf(breaker.execute(fail))
    expect(breaker.snapshot()).toMatchObject({ state: 'disabled', counts: { failure: 2 }, lastError: 'broken' })
    breaker.reset()
    expect(breaker.snapshot()).toEqual({
      name: 'circuit',
      state: 'closed',
      counts: { success: 0, failure: 0, ignored: 0, slow: 0, rejected: 0, inFlight: 0 },
      failureRate: 0,
      slowCallRate: 0,
      retryAfterMs: 0,
      openings: 0,
    })
  })

  test('reset of a closed CircuitBreaker turns away calls in flight and forgets the failures', async () => {
    const { breaker } = setUp({ failureThreshold: 2 })
    await errorOf(breaker.execute(fail))
    const permit = breaker.acquire()
    breaker.reset()
    permit.failure()
    await errorOf(breaker.execute(fail))
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { failure: 1, inFlight: 0 } })
  })
})

describe('2. generations', () => {
  test('a late failure does not re-open, and a late success does not close, a new period', async () => {
    const { breaker, clock } = setUp()
    const lateFailure = breaker.acquire()
    const lateSuccess = breaker.acquire()
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    const probe = breaker.acquire()
    lateSuccess.success()
    lateFailure.failure()
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { success: 0, failure: 0, inFlight: 1 } })
    probe.success()
    expect(breaker.state).toBe('closed')
  })

  test('a call slower than the window still counts', () => {
    const clock = new ManualClock()
    const breaker = new CircuitBreaker({ clock, window: { type: 'time', durationMs: 100, minimumCalls: 1 } })
    const permit = breaker.acquire()
    clock.advance(10_000)
    permit.failure(broken)
    expect(breaker.state).toBe('open')
  })

  test('the first word of a Permit counts, and one disposed without a word is ignored', () => {
    const { breaker } = setUp()
    const permit = breaker.acquire()
    permit.success()
    permit.failure()
    breaker.acquire()[Symbol.dispose]()
    expect(breaker.snapshot()).toMatchObject({
      state: 'closed',
      counts: { success: 1, failure: 0, ignored: 1, inFlight: 0 },
    })
  })
})

describe('3. probes', () => {
  test('half-open admits maxConcurrent calls and rejects the others at once', async () => {
    const { breaker, clock } = setUp({ halfOpen: { maxConcurrent: 2, maxDurationMs: 500 } })
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    breaker.acquire()
    clock.advance(50)
    breaker.acquire()
    clock.advance(50)
    expect(() => breaker.acquire()).toThrow(expect.objectContaining({ code: 'CIRCUIT_OPEN', retryAfterMs: 400 }))
  })

  test('an ignored probe gives its place back once, without deciding anything', async () => {
    const { breaker, clock } = setUp()
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    const probe = breaker.acquire()
    probe.ignore()
    probe.ignore()
    expect(breaker.state).toBe('half-open')
    breaker.acquire()
    expect(() => breaker.acquire()).toThrow('Circuit "circuit" is open')
  })

  test('a probe aborted by its caller gives its place back and decides nothing', async () => {
    const { breaker, clock } = setUp()
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    const controller = new AbortController()
    const { promise, reject } = deferred<never>()
    const call = breaker.execute(() => promise, { signal: controller.signal })
    controller.abort(broken)
    reject(broken)
    expect(await errorOf(call)).toBe(broken)
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { ignored: 1, inFlight: 0 } })
  })

  test.each(['success', 'failure', 'ignore'] as const)(
    'a probe older than maxDurationMs has given its place back: its %s changes nothing',
    async (word) => {
      const { breaker, clock } = setUp({ halfOpen: { maxDurationMs: 500 } })
      await errorOf(breaker.execute(fail))
      clock.advance(100)
      const hung = breaker.acquire()
      clock.advance(500)
      const next = breaker.acquire()
      hung[word]()
      expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { ignored: 0, inFlight: 1 } })
      expect(() => breaker.acquire()).toThrow('is open')
      next.success()
      expect(breaker.state).toBe('closed')
    },
  )

  test('a probe older than maxDurationMs decides nothing even when nobody looked meanwhile', async () => {
    const { breaker, clock } = setUp({ halfOpen: { maxDurationMs: 500 } })
    await errorOf(breaker.execute(fail))
    clock.advance(100)
    const hung = breaker.acquire()
    clock.advance(500)
    hung.success()
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { success: 0, inFlight: 0 } })
  })
})

describe('4. verdicts', () => {
  test.each(['CIRCUIT_OPEN', 'RATE_LIMITED', 'BULKHEAD_FULL'])('an error with the code %s is ignored', async (code) => {
    const { breaker } = setUp()
    const refusal = Object.assign(new Error('refused'), { code })
    expect(await errorOf(breaker.execute(() => Promise.reject(refusal)))).toBe(refusal)
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { ignored: 1 } })
  })

  test.each(['TIMEOUT', 'ECONNRESET'])('an error with the code %s is a failure', async (code) => {
    const { breaker } = setUp()
    await errorOf(breaker.execute(() => Promise.reject(Object.assign(new Error('late'), { code }))))
    expect(breaker.state).toBe('open')
  })

  test('classify is asked for values and errors, with how long they took', async () => {
    const classify = vi.fn<NonNullable<CircuitBreakerOptions['classify']>>(({ ok }) => (ok ? 'failure' : 'ignore'))
    const { breaker, clock } = setUp({ classify, failureThreshold: 2 })
    await breaker.execute(() => {
      clock.advance(7)
      return { status: 500 }
    })
    await errorOf(breaker.execute(fail))
    expect(classify.mock.calls).toEqual([
      [{ ok: true, value: { status: 500 }, durationMs: 7 }],
      [{ ok: false, error: broken, durationMs: 0 }],
    ])
    expect(breaker.snapshot().counts).toMatchObject({ failure: 1, ignored: 1 })
  })

  test("classify is not asked for the caller's own abort", async () => {
    const classify = vi.fn<NonNullable<CircuitBreakerOptions['classify']>>(() => 'failure')
    const { breaker } = setUp({ classify })
    const controller = new AbortController()
    await errorOf(
      breaker.execute(
        () => {
          controller.abort()
          throw broken
        },
        { signal: controller.signal },
      ),
    )
    expect(classify).not.toHaveBeenCalled()
    expect(breaker.snapshot().counts.ignored).toBe(1)
  })

  test.each([
    [
      'throws',
      (): never => {
        throw broken
      },
    ],
    ['returns no verdict', () => 'maybe' as never],
  ])('a classify that %s is a reported failure, and the result of the call stands', async (_, classify) => {
    const onListenerError = vi.fn<(error: unknown) => void>()
    const { breaker } = setUp({ classify, onListenerError })
    await expect(breaker.execute(succeed)).resolves.toBe('fine')
    expect(breaker.state).toBe('open')
    expect(onListenerError).toHaveBeenCalledOnce()
  })
})

describe('6. retryAfterMs', () => {
  test('CircuitOpenError#retryAfterMs is what is left of the open time, and 0 where a call would be let through', async () => {
    const { breaker, clock } = setUp()
    expect(breaker.snapshot().retryAfterMs).toBe(0)
    await errorOf(breaker.execute(fail))
    clock.advance(40)
    expect(breaker.snapshot().retryAfterMs).toBe(60)
    clock.advance(1_000)
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', retryAfterMs: 0 })
    breaker.forceOpen()
    expect(breaker.snapshot().retryAfterMs).toBeUndefined()
  })
})

describe('7. execute and wrap', () => {
  test("execute passes a caller's abort through, identical, and never starts", async () => {
    const { breaker } = setUp()
    const fn = vi.fn<() => void>()
    const reason = { my: 'reason' }
    expect(await errorOf(breaker.execute(fn, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(fn).not.toHaveBeenCalled()
    expect(breaker.snapshot().counts).toMatchObject({ ignored: 0, inFlight: 0 })
  })

  test('execute adds no listener to the signal and settles when fn does', async () => {
    const { breaker } = setUp()
    const controller = new AbortController()
    const listen = vi.spyOn(controller.signal, 'addEventListener')
    const { promise, resolve } = deferred<string>()
    const call = breaker.execute(() => promise, { signal: controller.signal })
    controller.abort()
    resolve('anyway')
    await expect(call).resolves.toBe('anyway')
    expect(listen).not.toHaveBeenCalled()
    expect(breaker.snapshot().counts).toMatchObject({ success: 0, ignored: 1, inFlight: 0 })
  })

  test('execute turns a sync throw into a failure and a rejection', async () => {
    const { breaker } = setUp()
    const error = await errorOf(
      breaker.execute(() => {
        throw broken
      }),
    )
    expect(error).toBe(broken)
    expect(breaker.state).toBe('open')
  })

  test('execute handles undefined as a value and as an error, a frozen error, and foreign thenables', async () => {
    const { breaker } = setUp({ failureThreshold: 10 })
    await expect(breaker.execute(() => undefined)).resolves.toBeUndefined()
    expect(await errorOf(breaker.execute(() => Promise.reject(undefined)))).toBeUndefined()
    const frozen = Object.freeze(new Error('frozen'))
    expect(await errorOf(breaker.execute(() => Promise.reject(frozen)))).toBe(frozen)
    // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
    const thenable = { then: (ok: (value: number) => void) => ok(42) } as PromiseLike<number>
    await expect(breaker.execute(() => thenable)).resolves.toBe(42)
    const bad = {
      // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
      get then(): never {
        throw broken
      },
    } as PromiseLike<number>
    expect(await errorOf(Promise.resolve(breaker.execute(() => bad)))).toBe(broken)
    expect(breaker.snapshot().counts).toMatchObject({ success: 2, failure: 3 })
  })

  test("execute gives fn the caller's signal, or one of its own", async () => {
    const { breaker } = setUp()
    const { signal } = new AbortController()
    await expect(breaker.execute((context) => context.signal, { signal })).resolves.toBe(signal)
    const [own, again] = await breaker.execute((context) => [context.signal, context.signal])
    expect(own).toBeInstanceOf(AbortSignal)
    expect(own).toBe(again)
  })

  test('wrap keeps this, the arguments and the name', async () => {
    const { breaker } = setUp()
    const account = {
      balance: 40,
      plus: breaker.wrap(function plus(this: { balance: number }, amount: number) {
        return this.balance + amount
      }),
    }
    await expect(account.plus(2)).resolves.toBe(42)
    expect(account.plus.name).toBe('plus')
  })

  test('execute reads no clock on the success path of a consecutive circuit', async () => {
    const { breaker, clock } = setUp()
    await breaker.execute(succeed)
    expect(clock.reads).toBe(0)
  })

  test('execute reads the clock once on the success path of a time window', async () => {
    const clock = new ManualClock()
    const breaker = new CircuitBreaker({ clock, window: { type: 'time', durationMs: 1_000 } })
    await breaker.execute(succeed)
    expect(clock.reads).toBe(1)
  })
})

describe('9. rejections', () => {
  test.each([false, true])('a rejection with stackTraces %j captures a stack only if it is on', async (stackTraces) => {
    const before = Error.stackTraceLimit
    const { breaker } = setUp({ stackTraces })
    breaker.forceOpen()
    const error = await errorOf(breaker.execute(succeed))
    if (!isCircuitOpenError(error)) throw error
    expect(error.stack?.includes('    at ')).toBe(stackTraces)
    expect(Error.stackTraceLimit).toBe(before)
  })

  test('isCircuitOpenError knows the error of another copy of the package and no other', async () => {
    const copy = Object.assign(new Error('open'), { code: 'CIRCUIT_OPEN', circuit: 'ledger' })
    expect(isCircuitOpenError(copy)).toBe(true)
    expect(isCircuitOpenError(broken)).toBe(false)
    expect(isCircuitOpenError(undefined)).toBe(false)
  })
})

describe('events', () => {
  test('on tells of changes and outcomes, with the snapshot right after', async () => {
    const { breaker, clock } = setUp()
    const told: unknown[] = []
    breaker.on('stateChange', ({ from, to, at, snapshot }) => told.push([from, to, at, snapshot.state]))
    breaker.on('success', ({ circuit, durationMs }) => told.push(['success', circuit, durationMs]))
    breaker.on('failure', ({ error }) => told.push(['failure', error]))
    breaker.on('rejected', ({ retryAfterMs }) => told.push(['rejected', retryAfterMs]))
    breaker.on('ignore', ({ circuit }) => told.push(['ignore', circuit]))
    await breaker.execute(() => clock.advance(3))
    breaker.acquire().ignore()
    await errorOf(breaker.execute(fail))
    await errorOf(breaker.execute(succeed))
    expect(told).toEqual([
      ['success', 'circuit', 3],
      ['ignore', 'circuit'],
      ['closed', 'open', 1_003, 'open'],
      ['failure', broken],
      ['rejected', 100],
    ])
  })

  test('a throwing listener changes nothing and is reported', async () => {
    const onListenerError = vi.fn<(error: unknown) => void>()
    const { breaker } = setUp({ onListenerError })
    breaker.on('success', () => {
      throw broken
    })
    const fn = vi.fn<() => string>(() => 'fine')
    await expect(breaker.execute(fn)).resolves.toBe('fine')
    expect(fn).toHaveBeenCalledOnce()
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { success: 1 } })
    expect(onListenerError.mock.calls).toEqual([[broken]])
  })

  test('listeners hear changes in order, though one of them makes another', async () => {
    const { breaker } = setUp()
    const told: string[] = []
    breaker.on('stateChange', ({ to }) => {
      if (to === 'open') breaker.reset()
    })
    breaker.on('stateChange', ({ from, to }) => told.push(`${from} → ${to}`))
    await errorOf(breaker.execute(fail))
    expect(told).toEqual(['closed → open', 'open → closed'])
    expect(breaker.state).toBe('closed')
  })

  test('on stops when told to, and when its signal aborts, and leaves no listener behind', () => {
    const { breaker } = setUp()
    const controller = new AbortController()
    const listener = vi.fn<() => void>()
    const leave = vi.spyOn(controller.signal, 'removeEventListener')
    breaker.on('stateChange', listener, { signal: controller.signal })
    const off = breaker.on('stateChange', listener)
    breaker.on('stateChange', listener, { signal: AbortSignal.abort() })
    breaker.forceOpen()
    expect(listener).toHaveBeenCalledTimes(2)
    off()
    controller.abort()
    breaker.reset()
    expect(listener).toHaveBeenCalledTimes(2)
    expect(leave).toHaveBeenCalledOnce()
  })

  test('snapshot is plain JSON', async () => {
    const { breaker } = setUp()
    await errorOf(breaker.execute(fail))
    const snapshot = breaker.snapshot()
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
    expect(snapshot).toMatchObject({ state: 'open', openings: 1, lastError: 'broken' })
  })
})
