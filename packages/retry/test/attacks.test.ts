import { describe, expect, test, vi } from 'vitest'
import {
  decorrelated,
  isRetryable,
  isTimeoutError,
  retry,
  RetryBudget,
  RetryPolicy,
  TimeoutError,
  type RetryContext,
  type RetryOptions,
} from '@aplomb/retry'
import { countingSignal, deferred, ManualClock, passing, rejection, settle } from './manual-clock.ts'

const busy = Object.assign(new Error('busy'), { status: 503 })
const noWait = { maxRetries: 1, initialDelayMs: 0 }
const fail =
  (error: unknown = busy) =>
  (): never => {
    throw error
  }
const never = (): Promise<never> => new Promise(() => {})

test('TimeoutError is there at run time, so that instanceof can be used', async () => {
  const clock = new ManualClock()
  const thrown = rejection(retry(never, { clock, totalTimeoutMs: 5 }))
  await clock.advance(5)
  expect(await thrown).toBeInstanceOf(TimeoutError)
})

describe('RetryBudget and waits', () => {
  test('RetryBudget holds its bound at the moment when retries run, however long each of them waited', async () => {
    const clock = new ManualClock()
    const budget = new RetryBudget({ ratio: 0, minRetries: 10, windowMs: 200, clock })
    const at: number[] = []
    const fn = ({ attempt }: RetryContext): never => {
      if (attempt > 1) at.push(clock.now())
      throw Object.assign(new Error('busy'), { status: 503, retryAfterMs: Math.max(0, 1_000 - clock.now()) })
    }
    const policy = new RetryPolicy({ ...noWait, budget, clock })
    const calls: Promise<unknown>[] = []
    for (let wave = 0; wave < 4; wave += 1) {
      for (let call = 0; call < 50; call += 1) calls.push(rejection(policy.execute(fn)))
      // oxlint-disable-next-line no-await-in-loop -- one wave after the other
      await clock.advance(250)
    }
    await clock.advance(5_000)
    await Promise.all(calls)
    const inWindow = at.map((end) => at.filter((time) => time > end - 200 && time <= end).length)
    expect(at.length).toBeGreaterThan(0)
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(10)
  })

  test('RetryBudget refuses a retry that would spend what a later one has booked', () => {
    const budget = new RetryBudget({ ratio: 0, minRetries: 1, windowMs: 1_000, clock: new ManualClock() })
    expect(budget.tryRetry(500)).toBe(true)
    expect(budget.tryRetry()).toBe(false)
    expect(budget.tryRetry(5_000)).toBe(true)
  })

  test('RetryBudget gets a retry back that an abort, onRetry or a late timer keeps from running', async () => {
    const clock = new ManualClock()
    const budget = new RetryBudget({ ratio: 0, minRetries: 1, clock })
    const options = { clock, budget, jitter: 'none', initialDelayMs: 1_500 } as const
    const inWait = new AbortController()
    const first = rejection(retry(fail(), { ...options, signal: inWait.signal }))
    await settle()
    expect(budget.snapshot().remaining).toBe(0)
    clock.stall(700)
    inWait.abort('stop')
    expect(await first).toBe('stop')
    expect(budget.snapshot().remaining).toBe(1)

    const inHook = new AbortController()
    const onRetry = (): void => inHook.abort('stop')
    expect(await rejection(retry(fail(), { ...options, signal: inHook.signal, onRetry }))).toBe('stop')
    expect(budget.snapshot().remaining).toBe(1)

    const late = rejection(retry(fail(), { ...options, totalTimeoutMs: 2_000 }))
    await settle()
    clock.stall(2_500)
    await clock.advance(0)
    expect(await late).toBe(busy)
    expect(budget.snapshot().remaining).toBe(1)
  })
})

describe('isRetryable and hostile errors', () => {
  test('isRetryable is false for what throws when it is read, and the call rejects with it', async () => {
    const { proxy, revoke } = Proxy.revocable(new Error('revoked'), {})
    revoke()
    const hostile = Object.defineProperty(new Error('hostile'), 'retryable', { get: fail() })
    const onListenerError = vi.fn<(error: unknown) => void>()
    for (const error of [proxy, hostile]) {
      expect(isRetryable(error)).toBe(false)
      // Compared here: a revoked proxy can be neither the value of a promise nor printed.
      const same = retry(fail(error), { onListenerError }).then(
        () => false,
        (thrown: unknown) => thrown === error,
      )
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      expect(await same).toBe(true)
    }
    expect(onListenerError).not.toHaveBeenCalled()
  })

  test.each([
    { status: 'error', statusCode: 503 },
    { status: 0, response: { status: 503 } },
    { status: null, statusCode: undefined, response: { status: 429 } },
  ])('isRetryable takes any of the three places of a status: %o', (fields) => {
    expect(isRetryable(Object.assign(new Error('down'), fields))).toBe(true)
  })

  test.each([TypeError, ReferenceError, SyntaxError, RangeError])(
    'isRetryable is false for a %o, whatever status it carries',
    (ProgrammingError) => {
      expect(isRetryable(Object.assign(new ProgrammingError('bug'), { status: 500 }))).toBe(false)
    },
  )
})

describe("the caller's signal", () => {
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
})

describe('several things in one turn', () => {
  class Sub<T> extends Promise<T> {}

  test.each<[string, () => PromiseLike<string> | string]>([
    ['a promise', () => Promise.resolve('v')],
    ['a subclass of Promise', () => Sub.resolve('v')],
    // oxlint-disable-next-line unicorn/no-thenable -- that is the point
    ['a foreign thenable', () => ({ then: (resolve: (value: string) => void) => resolve('v') }) as PromiseLike<string>],
    ['a value', () => 'v'],
  ])('retry delivers %s that was there in the turn of the abort', async (_, make) => {
    const controller = new AbortController()
    const fn = (): PromiseLike<string> | string => {
      const outcome = make()
      controller.abort('aborted')
      return outcome
    }
    await expect(retry(fn, { signal: controller.signal })).resolves.toBe('v')
  })

  test('retry rejects with what a foreign thenable throws or rejects with', async () => {
    const { signal } = new AbortController()
    // oxlint-disable-next-line unicorn/no-thenable -- that is the point
    const throws = { then: fail() } as PromiseLike<never>
    expect(await rejection(retry(() => throws, { signal, maxRetries: 0 }))).toBe(busy)
    // oxlint-disable-next-line unicorn/no-thenable -- that is the point
    const nested = { then: (resolve: (value: unknown) => void) => resolve(Promise.reject(busy)) } as PromiseLike<never>
    expect(await rejection(retry(() => nested, { signal, maxRetries: 0 }))).toBe(busy)
  })

  test('a refused value that was there in the turn of the total deadline is returned', async () => {
    let now = 0
    let fire = (): void => {}
    const clock = { now: () => now, clearTimeout: () => {}, setTimeout: (fn: () => void) => void (fire = fn) }
    const { promise, resolve } = deferred<string>()
    const result = retry(() => promise, { clock, totalTimeoutMs: 10, retryResultIf: () => true })
    now = 10
    resolve('503')
    fire()
    await expect(result).resolves.toBe('503')
  })

  test('a rejection that came first in the turn of the attempt timeout is the one that counts', async () => {
    const declined = Object.assign(new Error('card declined'), { retryable: false })
    const { promise, reject } = deferred<string>()
    let fire = (): void => {}
    const sameTurn = { now: () => 0, clearTimeout: () => {}, setTimeout: (fn: () => void) => void (fire = fn) }
    const fn = vi.fn<() => Promise<string>>(() => promise)
    const thrown = rejection(retry(fn, { clock: sameTurn, attemptTimeoutMs: 10, initialDelayMs: 0 }))
    reject(declined)
    fire()
    expect(await thrown).toBe(declined)
    expect(fn).toHaveBeenCalledTimes(1)
  })
})

describe('time limits', () => {
  test('attempts that all time out do not chain their errors as causes', async () => {
    const clock = new ManualClock()
    const options = { clock, initialDelayMs: 0, maxRetries: 100, attemptTimeoutMs: 1 }
    const thrown = rejection(retry(({ attempt }) => (attempt === 1 ? Promise.reject(busy) : never()), options))
    await clock.advance(100)
    const error = await thrown
    expect(isTimeoutError(error) && error.cause).toBe(busy)
  })

  test('fn is not called when the total deadline has passed before it could be', async () => {
    let now = 0
    const clock = { now: () => (now += 1), setTimeout: () => expect.unreachable(), clearTimeout: () => {} }
    const fn = vi.fn<() => void>()
    expect(await rejection(retry(fn, { clock, totalTimeoutMs: 1 }))).toMatchObject({ scope: 'total' })
    expect(fn).not.toHaveBeenCalled()
  })

  test('no timer is started with a negative delay, and an answer of retryIf that is there is heard', async () => {
    const clock = new ManualClock()
    const fn = (): never => {
      clock.stall(30)
      throw busy
    }
    expect(await rejection(retry(fn, { clock, totalTimeoutMs: 20, retryIf: async () => true }))).toBe(busy)
    expect(Math.min(...clock.delays)).toBe(0)
  })

  test('the platform clock rounds a delay up, since its timers cut off what is behind the point', async () => {
    const start = vi.spyOn(globalThis, 'setTimeout')
    await retry(({ attempt }) => (attempt === 1 ? fail(Object.assign(passing(), { retryAfterMs: 1.2 }))() : 1), noWait)
    expect(start.mock.calls.map(([, ms]) => ms)).toContain(2)
    start.mockRestore()
  })
})

test('the context holds the attempt and the previous error as own fields, and nothing that ends the attempt', async () => {
  await retry(
    (context) => {
      expect({ ...context }).toEqual({ attempt: 1, previousError: undefined })
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(context)).sort()).toEqual(['constructor', 'signal'])
    },
    { attemptTimeoutMs: 1_000, clock: new ManualClock() },
  )
})

describe('Retry-After', () => {
  const delayFor = async (fields: object): Promise<number | undefined> => {
    const clock = new ManualClock()
    let told: number | undefined
    const error = Object.assign(new Error('busy'), { status: 503 }, fields)
    const thrown = rejection(retry(fail(error), { ...noWait, clock, onRetry: ({ delayMs }) => void (told = delayMs) }))
    await clock.advance(10_000)
    expect(await thrown).toBe(error)
    return told
  }

  test.each([
    ['a name in capitals', { headers: { 'Retry-After': '5' } }],
    ['an array', { headers: { 'retry-after': ['5', '6'] } }],
    ['the response beside empty headers', { headers: {}, response: { headers: new Headers({ 'retry-after': '5' }) } }],
    ['a Map', { headers: new Map([['retry-after', '5']]) }],
  ])('retry reads it from %s', async (_, fields) => {
    expect(await delayFor(fields)).toBe(5_000)
  })

  test('retryAfterMs Infinity means never: no retry', async () => {
    expect(await delayFor({ retryAfterMs: Infinity })).toBeUndefined()
  })
})

describe('hooks', () => {
  const heard = async (fn: () => unknown, options: RetryOptions): Promise<[unknown, string[]]> => {
    const seen: string[] = []
    const [outcome] = await Promise.allSettled([
      retry(fn, { ...noWait, onListenerError: (error) => void seen.push(String(error)), ...options }),
    ])
    await settle()
    return [outcome.status === 'fulfilled' ? outcome.value : outcome.reason, seen]
  }

  test('an onListenerError that rejects is reported as one that throws is', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const second = new Error('second')
    const onListenerError = (): Promise<never> => Promise.reject(second)
    await heard(fail(), { onRetry: fail(new Error('first')), onListenerError })
    expect(reported).toEqual([second])
    vi.unstubAllGlobals()
  })

  test('an async retryResultIf is reported and taken as a no, and its rejection is looked after', async () => {
    const rule = 'TypeError: retryResultIf must answer at once, received a promise'
    const broken = async (): Promise<boolean> => fail(new Error('late'))()
    expect(await heard(() => 1, { retryResultIf: (async () => true) as never })).toEqual([1, [rule]])
    expect(await heard(() => 1, { retryResultIf: broken as never })).toEqual([1, [rule, 'Error: late']])
  })

  test.each([
    [10n, '10'],
    [null, 'null'],
    ['5', '5'],
  ])('a backoff that returns %o is reported, and ends it with the last error', async (delayMs, shown) => {
    const rule = `RangeError: backoff must return a finite number >= 0, received ${shown}`
    expect(await heard(fail(), { initialDelayMs: undefined, backoff: () => delayMs as never })).toEqual([busy, [rule]])
  })

  test.each([Number.NaN, -1, 2])('a random that returns %d is reported by its name', async (value) => {
    const rule = `RangeError: random must return a number from 0 to 1, received ${value}`
    expect(await heard(fail(), { initialDelayMs: 10, random: () => value })).toEqual([busy, [rule]])
  })
})

test('decorrelated keeps its spread at the cap, and is a number however large its options are', () => {
  const backoff = decorrelated({ initialDelayMs: 100, maxDelayMs: 1_000 })
  const delays = Array.from({ length: 100 }, (_, index) =>
    backoff({ attempt: 9, previousDelayMs: 1_000, error: undefined, random: () => index / 100 }),
  )
  expect(new Set(delays).size).toBe(100)
  const huge = decorrelated({ initialDelayMs: 1e308, maxDelayMs: 1_000 })
  for (const chance of [0, 0.5, 1]) {
    expect(huge({ attempt: 1, previousDelayMs: 0, error: undefined, random: () => chance })).toBe(1_000)
  }
})

describe('wrong shapes', () => {
  test.each([[3], ['x'], [true], [[]], [() => {}], [null]])('RetryPolicy refuses %o for options', async (options) => {
    expect(() => new RetryPolicy(options as never)).toThrow(/^options must be an object, received /)
    expect(await rejection(retry(() => 1, options as never))).toBeInstanceOf(TypeError)
  })

  test('RetryPolicy refuses waitForRetryAfter beside retryIf, which has the last word', () => {
    expect(() => new RetryPolicy({ retryIf: () => false, waitForRetryAfter: true })).toThrow(
      'waitForRetryAfter must be false beside retryIf, received true',
    )
  })
})
