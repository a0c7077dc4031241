import { expect, test, vi } from 'vitest'
import {
  countingSignal,
  deferred,
  fail,
  failing,
  ManualClock,
  never,
  passing,
  rejection,
  settle,
} from '../test/manual-clock.ts'
import { retry, RetryBudget, RetryPolicy, type RetryContext } from './index.ts'

test('retry with an aborted signal does not call, and rejects with the identical reason', async () => {
  const fn = vi.fn<() => void>()
  for (const reason of [new Error('stop'), 'text', null, 0]) {
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await rejection(retry(fn, { signal: AbortSignal.abort(reason) }))).toBe(reason)
  }
  expect(fn).not.toHaveBeenCalled()
})

test('retry rejects at once when aborted in the wait: no timer, no listener, no further call', async () => {
  const clock = new ManualClock()
  const { controller, listeners } = countingSignal()
  const fn = vi.fn<() => never>(() => {
    throw passing()
  })
  const thrown = rejection(retry(fn, { clock, signal: controller.signal }))
  await settle()
  expect([clock.pending, listeners()]).toEqual([1, 1])
  const reason = { why: 'closed' }
  controller.abort(reason)
  expect(await thrown).toBe(reason)
  expect([clock.pending, listeners()]).toEqual([0, 0])
  await clock.advance(100_000)
  expect(fn).toHaveBeenCalledTimes(1)
})

test('retry leaves behind a function that ignores the abort, and takes care of its late rejection', async () => {
  const { controller, listeners } = countingSignal()
  const { promise, reject } = deferred<never>()
  const thrown = rejection(retry(() => promise, { signal: controller.signal }))
  controller.abort('stop')
  expect(await thrown).toBe('stop')
  reject(new Error('late'))
  await settle()
  expect(listeners()).toBe(0)
})

test('retry never retries what fn throws because of the abort, whatever retryIf says', async () => {
  const controller = new AbortController()
  const retryIf = vi.fn<() => boolean>(() => true)
  const fn = vi.fn<(context: RetryContext) => Promise<never>>(
    ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('my own words')))),
  )
  const thrown = rejection(retry(fn, { signal: controller.signal, retryIf, attemptTimeoutMs: 1_000 }))
  const reason = new Error('stop')
  controller.abort(reason)
  expect(await thrown).toBe(reason)
  expect(retryIf).not.toHaveBeenCalled()
  expect(fn).toHaveBeenCalledTimes(1)
})

test('retry ends at once when onRetry or retryIf aborts', async () => {
  const reason = new Error('stop')
  const clock = new ManualClock()
  const first = new AbortController()
  const onRetry = (): void => first.abort(reason)
  expect(await rejection(retry(failing(1), { clock, signal: first.signal, onRetry }))).toBe(reason)
  const second = new AbortController()
  const retryIf = (): Promise<boolean> => {
    second.abort(reason)
    return new Promise(() => {})
  }
  const pending = rejection(retry(failing(1), { clock, signal: second.signal, retryIf, totalTimeoutMs: 10 }))
  expect(await pending).toBe(reason)
  expect(clock.pending).toBe(0)
})

test('retry delivers a value that was there in the turn of the abort', async () => {
  const controller = new AbortController()
  const { promise, resolve } = deferred<string>()
  const result = retry(() => promise, { signal: controller.signal })
  resolve('committed')
  controller.abort()
  await expect(result).resolves.toBe('committed')

  const own = new AbortController()
  const fn = async (): Promise<string> => {
    own.abort()
    return 'committed'
  }
  await expect(retry(fn, { signal: own.signal })).resolves.toBe('committed')
})

test('retry delivers a value that was there in the turn of the deadline', async () => {
  const clock = new ManualClock()
  const { promise, resolve } = deferred<string>()
  clock.setTimeout(() => resolve('just'), 50)
  const result = retry(() => promise, { clock, totalTimeoutMs: 50 })
  await clock.advance(50)
  await expect(result).resolves.toBe('just')
})

test('retry puts one listener on a signal that many calls share', async () => {
  const clock = new ManualClock()
  const { controller, listeners } = countingSignal()
  const policy = new RetryPolicy({ clock })
  const calls = Array.from({ length: 50 }, () => policy.execute(failing(1), { signal: controller.signal }))
  await settle()
  expect(listeners()).toBe(1)
  await clock.advance(1_000)
  await Promise.all(calls)
  expect([listeners(), clock.pending]).toEqual([0, 0])
})

test("RetryPolicy hears its own signal and the call's", async () => {
  const own = new AbortController()
  const call = new AbortController()
  const policy = new RetryPolicy({ signal: own.signal })
  expect(policy.kind).toBe('retry')
  const first = rejection(policy.execute(() => new Promise(() => {}), { signal: call.signal }))
  call.abort('call')
  expect(await first).toBe('call')
  const second = rejection(policy.execute(() => new Promise(() => {}), { signal: new AbortController().signal }))
  own.abort('own')
  expect(await second).toBe('own')
  expect(await rejection(policy.execute(() => 1))).toBe('own')
})

test("RetryPolicy takes its listeners off both signals when the call settles, and a settled attempt's signal is let go", async () => {
  const own = countingSignal()
  const call = countingSignal()
  const policy = new RetryPolicy({ signal: own.controller.signal, attemptTimeoutMs: 10, clock: new ManualClock() })
  let seen: AbortSignal | undefined
  await policy.execute(({ signal }) => void (seen = signal), { signal: call.controller.signal })
  expect([own.listeners(), call.listeners()]).toEqual([0, 0])
  own.controller.abort()
  expect(seen?.aborted).toBe(false)
})

test('retry does not use AbortSignal.any, whose signals a long-lived parent can hold for ever', async () => {
  const any = vi.spyOn(AbortSignal, 'any')
  const own = new AbortController()
  const policy = new RetryPolicy({ signal: own.signal, attemptTimeoutMs: 10, clock: new ManualClock() })
  await policy.execute(({ signal }) => signal.aborted, { signal: new AbortController().signal })
  expect(any).not.toHaveBeenCalled()
  any.mockRestore()
})

test("the attempt's signal is aborted in the very turn of the caller's abort, with its reason", async () => {
  const own = new AbortController()
  const call = new AbortController()
  let seen: AbortSignal | undefined
  const policy = new RetryPolicy({ signal: own.signal, attemptTimeoutMs: 10, clock: new ManualClock() })
  const thrown = rejection(policy.execute(({ signal }) => ((seen = signal), never()), { signal: call.signal }))
  own.abort('own')
  expect(seen?.reason).toBe('own')
  expect(await thrown).toBe('own')
})

test('an abort inside backoff is honoured: nothing is told, booked or called after it', async () => {
  const budget = new RetryBudget()
  const onRetry = vi.fn<() => void>()
  const fn = vi.fn<() => never>(fail())
  for (const rest of [{}, { totalTimeoutMs: 50 }, { budget: new RetryBudget({ minRetries: 0, ratio: 0 }) }]) {
    const controller = new AbortController()
    const backoff = (): number => {
      controller.abort('mine')
      return 100
    }
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await rejection(retry(fn, { budget, onRetry, backoff, signal: controller.signal, ...rest }))).toBe('mine')
  }
  expect(onRetry).not.toHaveBeenCalled()
  expect(fn).toHaveBeenCalledTimes(3)
  expect(budget.snapshot().retries).toBe(0)
})

test('an abort that another listener hid is honoured when the wait ends: its reason, and no further call', async () => {
  const clock = new ManualClock()
  const controller = new AbortController()
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation())
  const fn = vi.fn<() => never>(fail())
  const thrown = rejection(retry(fn, { clock, signal: controller.signal }))
  await settle()
  controller.abort('mine')
  await clock.advance(1_000)
  expect(await thrown).toBe('mine')
  expect(fn).toHaveBeenCalledTimes(1)
})

test('RetryPolicy.execute rejects, and does not throw, for what is no signal', async () => {
  const policy = new RetryPolicy({ signal: new AbortController().signal })
  for (const signal of [{}, new AbortController(), 'signal'] as never[]) {
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await rejection(policy.execute(() => 1, { signal }))).toBeInstanceOf(TypeError)
  }
  await expect(policy.execute(() => 1, null as never)).resolves.toBe(1)
})
