import { CircuitBreaker, type CircuitBreakerOptions, isCircuitOpenError } from '@aplomb/circuit-breaker'
import { expect, test, vi } from 'vitest'
import { ManualClock } from './manual-clock.ts'

function halfOpen(options: CircuitBreakerOptions = {}): { breaker: CircuitBreaker; clock: ManualClock } {
  const clock = new ManualClock()
  const breaker = new CircuitBreaker({ clock, failureThreshold: 1, openDurationMs: 100, ...options })
  breaker.acquire().failure()
  clock.advance(100)
  return { breaker, clock }
}

test('a late failure does not re-open a new period of the CircuitBreaker, nor does a late success close one', () => {
  const clock = new ManualClock()
  const breaker = new CircuitBreaker({ clock, failureThreshold: 1, openDurationMs: 100 })
  const [failing, succeeding] = [breaker.acquire(), breaker.acquire()]
  breaker.acquire().failure()
  clock.advance(100)
  succeeding.success()
  expect(breaker.state).toBe('half-open')
  breaker.acquire().success()
  failing.failure()
  expect(breaker.state).toBe('closed')
})

test('a hung probe does not lock the CircuitBreaker', async () => {
  const { breaker, clock } = halfOpen()
  void breaker.execute(() => new Promise(() => {}))
  await expect(breaker.execute(() => 'early')).rejects.toThrow('is open')
  clock.advance(60_000)
  await expect(breaker.execute(() => 'fine')).resolves.toBe('fine')
  expect(breaker.state).toBe('closed')
})

test('500 callers do not queue behind the probe of a CircuitBreaker', async () => {
  const { breaker } = halfOpen()
  const probe = breaker.acquire()
  const fn = vi.fn<() => void>()
  const calls = await Promise.allSettled(Array.from({ length: 500 }, () => breaker.execute(fn)))
  probe.success()
  expect(fn).not.toHaveBeenCalled()
  expect(calls.every((call) => call.status === 'rejected' && isCircuitOpenError(call.reason))).toBe(true)
})

test('an aborted probe does not close the CircuitBreaker', async () => {
  const { breaker } = halfOpen()
  const controller = new AbortController()
  const call = breaker.execute(
    ({ signal }) => {
      controller.abort()
      return Promise.reject(signal.reason)
    },
    { signal: controller.signal },
  )
  await expect(call).rejects.toBe(controller.signal.reason)
  expect(breaker.state).toBe('half-open')
})

test('a time window of the CircuitBreaker holds no old failures after idling', () => {
  const clock = new ManualClock()
  const breaker = new CircuitBreaker({ clock, window: { type: 'time', durationMs: 10_000, minimumCalls: 4 } })
  for (let call = 0; call < 3; call += 1) breaker.acquire().failure()
  clock.advance(3_600_000)
  breaker.acquire().failure()
  expect(breaker.snapshot()).toMatchObject({ state: 'closed', failureRate: 1 })
})

test('the wall clock going back one hour does not keep the CircuitBreaker open', () => {
  const wallClock = vi.spyOn(Date, 'now')
  const breaker = new CircuitBreaker({ failureThreshold: 1, openDurationMs: 0 })
  breaker.acquire().failure()
  wallClock.mockReturnValue(Date.now() - 3_600_000)
  expect(breaker.state).toBe('half-open')
  wallClock.mockRestore()
})

test('a throwing listener neither re-runs a call of the CircuitBreaker nor fails it', async () => {
  const breaker = new CircuitBreaker({ onListenerError: () => {} })
  breaker.on('success', () => {
    throw new Error('listener')
  })
  const fn = vi.fn<() => string>(() => 'fine')
  await expect(breaker.execute(fn)).resolves.toBe('fine')
  expect(fn).toHaveBeenCalledOnce()
})

test('bulkhead rejections do not trip the CircuitBreaker', async () => {
  const breaker = new CircuitBreaker({ failureThreshold: 1 })
  const full = Object.assign(new Error('full'), { code: 'BULKHEAD_FULL' })
  await expect(breaker.execute(() => Promise.reject(full))).rejects.toBe(full)
  expect(breaker.state).toBe('closed')
})

test('a shared options object does not mix two CircuitBreakers', () => {
  const options = { failureThreshold: 1 }
  const [one, other] = [new CircuitBreaker(options), new CircuitBreaker(options)]
  one.acquire().failure()
  expect([one.state, other.state, options]).toEqual(['open', 'closed', { failureThreshold: 1 }])
})

test('a NaN threshold is refused by the CircuitBreaker', () => {
  expect(() => new CircuitBreaker({ failureThreshold: Number.NaN })).toThrow(RangeError)
})

test('the cost of a failure does not grow with the number of samples in a CircuitBreaker', () => {
  const clock = new ManualClock()
  const window = { type: 'time', durationMs: 1e6, minimumCalls: 1e9 } as const
  const breaker = new CircuitBreaker({ clock, window })
  for (let call = 0; call < 20_000; call += 1) breaker.acquire().failure()
  const before = clock.reads
  breaker.acquire().failure()
  expect(clock.reads - before).toBe(1)
  expect(breaker.snapshot()).toMatchObject({ failureRate: 1, counts: { failure: 20_001 } })
})
