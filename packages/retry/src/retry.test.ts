import { describe, expect, test, vi } from 'vitest'
import { countingSignal, deferred, ManualClock, passing, rejection, settle } from '../test/manual-clock.ts'
import {
  isRetryExhaustedError,
  RetryPolicy,
  isTimeoutError,
  retry,
  type RetryContext,
  type RetryEvent,
} from './index.ts'

/** Fails `times` times, then gives 'ok'. */
function failing(times: number, error: unknown = passing()): () => string {
  let left = times
  return () => {
    left -= 1
    if (left >= 0) throw error
    return 'ok'
  }
}

const unavailable = (): Response => new Response(null, { status: 503, headers: { 'retry-after': '7' } })
const always = (): boolean => true

const noWait = { initialDelayMs: 0 }

describe('retry: what it throws and returns (1)', () => {
  test('retry with maxRetries 3 and no jitter calls four times, 1, 2 and 4 seconds apart, and throws the last error itself', async () => {
    const clock = new ManualClock()
    const at: number[] = []
    const errors = [passing('a'), passing('b'), passing('c'), passing('d')]
    const stacks = errors.map(({ stack }) => stack)
    const thrown = rejection(
      retry(
        ({ attempt }) => {
          at.push(clock.now())
          throw errors[attempt - 1]
        },
        { maxRetries: 3, initialDelayMs: 1_000, maxDelayMs: 60_000, backoffFactor: 2, jitter: 'none', clock },
      ),
    )
    await clock.advance(60_000)
    expect(await thrown).toBe(errors[3])
    expect(at).toEqual([0, 1_000, 3_000, 7_000])
    expect(errors.map(({ stack }) => stack)).toEqual(stacks)
    expect(clock.pending).toBe(0)
  })

  test('retry gives fn the attempt number and the previous error', async () => {
    const error = passing()
    const seen: unknown[] = []
    await retry(({ attempt, previousError }) => {
      seen.push([attempt, previousError])
      if (attempt === 1) throw error
    }, noWait)
    expect(seen).toEqual([
      [1, undefined],
      [2, error],
    ])
  })

  test("retry with onExhausted 'wrap' throws a RetryExhaustedError with every error when a retry was made", async () => {
    const errors = [passing('a'), passing('b')]
    const thrown = await rejection(
      retry(({ attempt }) => Promise.reject(errors[attempt - 1]), { ...noWait, maxRetries: 1, onExhausted: 'wrap' }),
    )
    expect(thrown).toMatchObject({
      name: 'RetryExhaustedError',
      code: 'RETRY_EXHAUSTED',
      retryable: false,
      attempts: 2,
      errors,
    })
    expect((thrown as Error).cause).toBe(errors[1])
    expect(isRetryExhaustedError(thrown)).toBe(true)
    expect(isRetryExhaustedError(errors[1])).toBe(false)
  })

  test("retry with onExhausted 'wrap' throws the error itself when no retry was made", async () => {
    const error = passing()
    expect(await rejection(retry(failing(9, error), { maxRetries: 0, onExhausted: 'wrap' }))).toBe(error)
    const final = new Error('final')
    expect(await rejection(retry(failing(9, final), { onExhausted: 'wrap' }))).toBe(final)
  })

  test("retry with onExhausted 'wrap' remembers the last 100 errors of an endless retry", async () => {
    let calls = 0
    const thrown = await rejection(
      retry(
        () => {
          calls += 1
          throw calls
        },
        { ...noWait, maxRetries: 150, retryIf: () => true, onExhausted: 'wrap' },
      ),
    )
    expect(thrown).toMatchObject({ attempts: 151 })
    expect(isRetryExhaustedError(thrown) && [thrown.errors.length, thrown.errors[0], thrown.errors.at(-1)]).toEqual([
      100, 52, 151,
    ])
  })

  test('retry with retryResultIf retries a value and returns the last one when attempts run out', async () => {
    const events: RetryEvent[] = []
    const value = await retry(({ attempt }) => ({ status: 503, attempt }), {
      ...noWait,
      maxRetries: 1,
      retryResultIf: (result) => (result as { status: number }).status === 503,
      onRetry: (event) => events.push(event),
    })
    expect(value).toEqual({ status: 503, attempt: 2 })
    expect(events).toEqual([{ attempt: 1, error: { status: 503, attempt: 1 }, delayMs: 0 }])
  })

  test('retryIf has the last word, over retryable too, and may be asynchronous', async () => {
    const no = Object.assign(new Error('no'), { retryable: false })
    await expect(retry(failing(1, no), { ...noWait, retryIf: () => true })).resolves.toBe('ok')
    await expect(retry(failing(1, no), { ...noWait, retryIf: () => Promise.resolve(true) })).resolves.toBe('ok')
    const yes = passing()
    expect(await rejection(retry(failing(1, yes), { ...noWait, retryIf: () => false }))).toBe(yes)
    expect(await rejection(retry(failing(1, yes), { ...noWait, retryIf: async () => false }))).toBe(yes)
  })
})

describe('retry: the abort of the caller (3, 9)', () => {
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
})

describe('retry: errors that end it, and Retry-After (4, 10)', () => {
  test('retry throws an error with retryable false at once: no wait at all', async () => {
    const clock = new ManualClock()
    const open = Object.assign(new Error('open'), { code: 'CIRCUIT_OPEN', retryable: false, retryAfterMs: 500 })
    expect(await rejection(retry(failing(1, open), { clock }))).toBe(open)
    expect(clock.delays).toEqual([])
  })

  test('retry with waitForRetryAfter waits for it when it fits the total timeout', async () => {
    const clock = new ManualClock()
    const open = Object.assign(new Error('open'), { retryable: false, retryAfterMs: 500 })
    const options = { clock, initialDelayMs: 0, waitForRetryAfter: true }
    const result = retry(failing(1, open), { ...options, totalTimeoutMs: 501 })
    await clock.advance(500)
    await expect(result).resolves.toBe('ok')
    expect(await rejection(retry(failing(1, open), { ...options, totalTimeoutMs: 500 }))).toBe(open)
    expect(clock.pending).toBe(0)
  })

  test('retry waits as long as Retry-After asks, longer than maxDelayMs too, but not past the total timeout', async () => {
    const clock = new ManualClock()
    const busy = Object.assign(new Error('busy'), { retryable: true, retryAfterMs: 90_000 })
    const delays: number[] = []
    const options = { clock, onRetry: ({ delayMs }: RetryEvent) => void delays.push(delayMs) }
    const result = retry(failing(1, busy), options)
    await clock.advance(90_000)
    await expect(result).resolves.toBe('ok')
    expect(delays).toEqual([90_000])
    expect(await rejection(retry(failing(1, busy), { ...options, totalTimeoutMs: 60_000 }))).toBe(busy)
    expect(clock.pending).toBe(0)
  })

  test('retry takes the Retry-After of a refused Response, unless respectRetryAfter is false', async () => {
    const clock = new ManualClock()
    const delays: number[] = []
    const options = {
      clock,
      maxRetries: 1,
      initialDelayMs: 1,
      retryResultIf: (value: unknown) => value instanceof Response && value.status === 503,
      onRetry: ({ delayMs }: RetryEvent) => void delays.push(delayMs),
    }
    const first = retry(unavailable, options)
    await clock.advance(7_000)
    await expect(first).resolves.toMatchObject({ status: 503 })
    const second = retry(unavailable, { ...options, jitter: 'none', respectRetryAfter: false })
    await clock.advance(7_000)
    await second
    expect(delays).toEqual([7_000, 1])
  })
})

describe('retry: time limits (5, 6, 11)', () => {
  test('retry does not begin a wait that would cross the total deadline: the last error is thrown at once', async () => {
    const clock = new ManualClock()
    const error = passing()
    const fn = vi.fn<() => never>(() => {
      throw error
    })
    const thrown = rejection(retry(fn, { clock, jitter: 'none', initialDelayMs: 100, totalTimeoutMs: 300 }))
    await clock.advance(100)
    expect(await thrown).toBe(error)
    expect(fn).toHaveBeenCalledTimes(2)
    expect(clock.pending).toBe(0)
  })

  test('retry starts nothing at or after the total deadline, even when a timer is late', async () => {
    const clock = new ManualClock()
    const error = passing()
    const fn = vi.fn<() => never>(() => {
      throw error
    })
    const thrown = rejection(retry(fn, { clock, jitter: 'none', initialDelayMs: 100, totalTimeoutMs: 300 }))
    await settle()
    clock.stall(300)
    await clock.advance(0)
    expect(await thrown).toBe(error)
    expect(fn).toHaveBeenCalledTimes(1)
  })

  test('retry retries an attempt that timed out, and aborts its signal with the TimeoutError', async () => {
    const clock = new ManualClock()
    const signals: AbortSignal[] = []
    const result = retry(
      ({ attempt, signal }) => {
        signals.push(signal)
        return attempt === 1 ? new Promise<string>(() => {}) : 'ok'
      },
      { clock, attemptTimeoutMs: 50, initialDelayMs: 0 },
    )
    await clock.advance(50)
    await expect(result).resolves.toBe('ok')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(signals[0]?.reason).toMatchObject({
      name: 'TimeoutError',
      code: 'TIMEOUT',
      scope: 'attempt',
      retryable: true,
      timeoutMs: 50,
    })
    expect(clock.pending).toBe(0)
  })

  test('retry throws the attempt timeout itself when attempts run out, whatever fn says about it', async () => {
    const clock = new ManualClock()
    const thrown = rejection(
      retry(
        ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('mine')))),
        { clock, attemptTimeoutMs: 50, maxRetries: 0 },
      ),
    )
    await clock.advance(50)
    const error = await thrown
    expect(isTimeoutError(error) && error.scope).toBe('attempt')
  })

  test('retry does not retry the total timeout', async () => {
    const clock = new ManualClock()
    const first = passing()
    const retryIf = vi.fn<() => boolean>(() => true)
    const thrown = rejection(
      retry(({ attempt }) => (attempt === 1 ? Promise.reject(first) : new Promise(() => {})), {
        clock,
        retryIf,
        initialDelayMs: 0,
        attemptTimeoutMs: 80,
        totalTimeoutMs: 50,
      }),
    )
    await clock.advance(50)
    const error = await thrown
    expect(error).toMatchObject({ code: 'TIMEOUT', scope: 'total', retryable: false, timeoutMs: 50 })
    expect((error as Error).cause).toBe(first)
    expect(retryIf).toHaveBeenCalledTimes(1)
    expect(clock.pending).toBe(0)
  })

  test('the total timeout ends a retryIf that does not answer', async () => {
    const clock = new ManualClock()
    const options = { clock, totalTimeoutMs: 50, retryIf: () => new Promise<boolean>(() => {}) }
    const thrown = rejection(retry(failing(1), options))
    await clock.advance(50)
    const error = await thrown
    expect(isTimeoutError(error) && error.scope).toBe('total')
  })

  test('retry neither aborts the signal nor leaves a timer when fn settles, so a Response can be read afterwards', async () => {
    const clock = new ManualClock()
    const { controller, listeners } = countingSignal()
    let seen: AbortSignal | undefined
    await retry(({ signal }) => void (seen = signal), { clock, signal: controller.signal, attemptTimeoutMs: 50 })
    expect([clock.pending, listeners()]).toEqual([0, 0])
    await clock.advance(1_000)
    expect(seen?.aborted).toBe(false)
    controller.abort('stop reading')
    expect(seen?.aborted, 'the call has settled').toBe(false)
  })

  test('the abort of the caller is its own reason, never a timeout, and a signal read late is aborted already', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    let context: RetryContext | undefined
    const options = { clock, signal: controller.signal, attemptTimeoutMs: 5_000 }
    const thrown = rejection(retry((given) => ((context = given), new Promise(() => {})), options))
    controller.abort('parent')
    expect(await thrown).toBe('parent')
    expect(context?.signal.reason).toBe('parent')

    const late = rejection(
      retry((given) => ((context = given), new Promise(() => {})), { clock, attemptTimeoutMs: 5, maxRetries: 0 }),
    )
    await clock.advance(5)
    expect(context?.signal.reason).toBe(await late)
  })

  test('context.signal is there without options, and is the very signal of the caller when nothing is timed', async () => {
    const { signal } = new AbortController()
    expect(await retry((context) => context.signal === context.signal && context.signal.aborted)).toBe(false)
    expect(await retry((context) => context.signal === signal, { signal })).toBe(true)
  })

  test('retry waits longer than 2^31-1 ms without firing early', async () => {
    const clock = new ManualClock()
    const fn = vi.fn<() => string>(failing(1))
    const result = retry(fn, { clock, jitter: 'none', initialDelayMs: 2 ** 31, maxDelayMs: 2 ** 32 })
    await clock.advance(2 ** 31 - 1)
    expect(fn).toHaveBeenCalledTimes(1)
    await clock.advance(1)
    await expect(result).resolves.toBe('ok')
    expect(Math.max(...clock.delays)).toBeLessThan(2 ** 31)
  })
})

describe('retry: hooks and odd values (12)', () => {
  test('retry handles undefined thrown, synchronous throws and foreign thenables', async () => {
    await expect(retry(failing(1, undefined), { ...noWait, retryIf: always })).resolves.toBe('ok')
    expect(await rejection(retry(() => Promise.reject(undefined), { ...noWait, retryIf: always }))).toBe(undefined)
    // oxlint-disable-next-line unicorn/no-thenable -- that is the point
    const thenable = { then: (resolve: (value: string) => void) => resolve('theirs') } as PromiseLike<string>
    await expect(retry(() => thenable)).resolves.toBe('theirs')
    await expect(retry(() => thenable, { signal: new AbortController().signal })).resolves.toBe('theirs')
  })

  test('a hook that throws changes no result: retryIf, retryResultIf and backoff are taken as a no, onRetry is ignored', async () => {
    const seen: unknown[] = []
    const onListenerError = (error: unknown): void => void seen.push(error)
    const bug = new Error('bug')
    const broken = (): never => {
      throw bug
    }
    const error = passing()
    expect(await rejection(retry(failing(1, error), { retryIf: broken, onListenerError }))).toBe(error)
    expect(await rejection(retry(failing(1, error), { retryIf: async () => broken(), onListenerError }))).toBe(error)
    expect(await rejection(retry(failing(1, error), { backoff: broken, onListenerError }))).toBe(error)
    await expect(retry(() => 1, { retryResultIf: broken, onListenerError })).resolves.toBe(1)
    await expect(retry(failing(1), { ...noWait, onRetry: broken, onListenerError })).resolves.toBe('ok')
    const onRetry = async (): Promise<never> => broken()
    await expect(retry(failing(1), { ...noWait, onRetry, onListenerError })).resolves.toBe('ok')
    expect(seen).toEqual([bug, bug, bug, bug, bug, bug])
  })

  test('a backoff that returns NaN, a negative or an endless delay is reported, and ends it with the last error', async () => {
    const seen: unknown[] = []
    const error = passing()
    for (const delayMs of [Number.NaN, -1, Infinity]) {
      const options = {
        backoff: () => delayMs,
        onListenerError: (hookError: unknown) => void seen.push(String(hookError)),
      }
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      expect(await rejection(retry(failing(1, error), options))).toBe(error)
    }
    expect(seen).toEqual([
      'RangeError: backoff must return a finite number >= 0, received NaN',
      'RangeError: backoff must return a finite number >= 0, received -1',
      'RangeError: backoff must return a finite number >= 0, received Infinity',
    ])
  })

  test('retry needs no timer for a zero delay, but gives the event loop a turn now and then', async () => {
    const clock = new ManualClock()
    await retry(failing(31), { clock, ...noWait, maxRetries: Infinity })
    expect(clock.delays).toEqual([])
    const result = retry(failing(64), { clock, ...noWait, maxRetries: Infinity })
    await clock.advance(0)
    await expect(result).resolves.toBe('ok')
    expect(clock.delays).toEqual([0, 0])
  })

  test('RetryPolicy neither keeps nor changes the options object', async () => {
    const options = { maxRetries: 1, ...noWait }
    const policy = new RetryPolicy(Object.freeze(options))
    await expect(policy.execute(failing(1))).resolves.toBe('ok')
    const open = { maxRetries: 1, ...noWait }
    const other = new RetryPolicy(open)
    open.maxRetries = 0
    await expect(other.execute(failing(1))).resolves.toBe('ok')
  })
})
