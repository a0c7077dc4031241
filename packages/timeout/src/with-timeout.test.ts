import { getEventListeners } from 'node:events'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { ReferableClock } from '../test/referable-clock.ts'
import { Deferred, outcomeOf, settled } from '../test/promises.ts'
import type { TimeoutContext } from './timed-call.ts'
import { TimeoutError } from './timeout-error.ts'
import { withTimeout } from './with-timeout.ts'

const never = new Promise<never>(() => {})

function unhandledRejections(): unknown[] {
  const seen: unknown[] = []
  const note = (reason: unknown): unknown => seen.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  return seen
}

function thrower(thrown: unknown): () => never {
  return () => {
    throw thrown
  }
}

describe('withTimeout and its function', () => {
  test('withTimeout gives the value of a call that settles in time', async () => {
    await expect(withTimeout(() => 42, { timeoutMs: 10 })).resolves.toBe(42)
    await expect(withTimeout(async () => 'later', { timeoutMs: 10 })).resolves.toBe('later')
  })

  test('withTimeout rejects with what the function throws, undefined and synchronous throws included', async () => {
    const error = new Error('boom')
    const clock = new ManualClock()
    const options = { timeoutMs: 10, clock }
    await expect(withTimeout(thrower(error), options)).rejects.toBe(error)
    await expect(withTimeout(thrower(undefined), options)).rejects.toBeUndefined()
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- that is the case
    await expect(withTimeout(() => Promise.reject(undefined), options)).rejects.toBeUndefined()
    expect(clock.armed).toBe(0)
  })

  test('withTimeout takes thenables of any make, and only their first word', async () => {
    const options = { timeoutMs: 10, clock: new ManualClock() }
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable -- that is the case
      then(resolve: (value: string) => void, reject: (error: unknown) => void): void {
        resolve('first')
        reject(new Error('second'))
        throw new Error('third')
      },
    }
    const broken = {
      // oxlint-disable-next-line unicorn/no-thenable -- that is the case
      get then(): never {
        throw new Error('a getter that throws')
      },
    }
    await expect(withTimeout(() => thenable as PromiseLike<string>, options)).resolves.toBe('first')
    await expect(withTimeout(() => broken, options)).rejects.toThrow('a getter that throws')
  })

  test('withTimeout delivers what a function returns that blocked until after its time', async () => {
    const clock = new ManualClock()
    const call = withTimeout(
      () => {
        clock.block(100)
        return 'slow, but here'
      },
      { timeoutMs: 50, clock },
    )
    clock.advanceNow(0)
    await expect(call).resolves.toBe('slow, but here')
  })
})

describe('withTimeout when the time is up', () => {
  test('withTimeout rejects on time, and not before, a function that ignores its signal', async () => {
    const clock = new ManualClock()
    const call = withTimeout(() => never, { timeoutMs: 50, clock })
    await clock.advance(49)
    expect(await outcomeOf(call)).toBe('pending')
    await clock.advance(1)
    expect(await outcomeOf(call)).toEqual({ error: new TimeoutError(50) })
  })

  test('withTimeout aborts the signal with the very TimeoutError that it rejects with', async () => {
    const clock = new ManualClock()
    let signal: AbortSignal | undefined
    const call = withTimeout(
      (context) => {
        signal = context.signal
        return never
      },
      { timeoutMs: 50, clock },
    )
    const error = call.catch((reason: unknown) => reason)
    await clock.advance(50)
    expect(await error).toBeInstanceOf(TimeoutError)
    expect(signal?.reason).toBe(await error)
  })

  test('withTimeout prefers its TimeoutError to what the function makes of the abort', async () => {
    const clock = new ManualClock()
    const call = withTimeout(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('cancelled')))
        }),
      { timeoutMs: 50, clock },
    )
    clock.advanceNow(50)
    await expect(call).rejects.toThrow(new TimeoutError(50))
  })

  test('withTimeout shows an aborted signal to a function that first reads it too late', async () => {
    const clock = new ManualClock()
    let context: TimeoutContext | undefined
    const call = withTimeout(
      (given) => {
        context = given
        return never
      },
      { timeoutMs: 50, clock },
    )
    clock.advanceNow(50)
    const error = await call.catch((reason: unknown) => reason)
    expect(context?.signal.aborted).toBe(true)
    expect(context?.signal.reason).toBe(error)
  })

  test('withTimeout uses the message it is given', async () => {
    const clock = new ManualClock()
    const call = withTimeout(() => never, { timeoutMs: 50, clock, message: 'The model is late' })
    clock.advanceNow(50)
    await expect(call).rejects.toMatchObject({ message: 'The model is late', code: 'TIMEOUT', timeoutMs: 50 })
  })

  test('withTimeout leaves a late rejection of an abandoned function handled', async () => {
    const unhandled = unhandledRejections()
    const clock = new ManualClock()
    const work = new Deferred<string>()
    const call = withTimeout(() => work.promise, { timeoutMs: 50, clock })
    clock.advanceNow(50)
    await expect(call).rejects.toThrow(TimeoutError)
    work.reject(new Error('too late'))
    await settled()
    expect(unhandled).toEqual([])
  })

  test('withTimeout with 0 gives a function the present turn, and no more', async () => {
    const clock = new ManualClock()
    const quick = withTimeout(() => 'at once', { timeoutMs: 0, clock })
    const slow = withTimeout(() => never, { timeoutMs: 0, clock })
    clock.advanceNow(0)
    await expect(quick).resolves.toBe('at once')
    await expect(slow).rejects.toThrow(TimeoutError)
  })

  test('withTimeout with Infinity never ends a call and arms no timer', async () => {
    const clock = new ManualClock()
    const call = withTimeout(() => never, { timeoutMs: Infinity, clock })
    expect(clock.arms).toBe(0)
    await clock.advance(Number.MAX_SAFE_INTEGER)
    expect(await outcomeOf(call)).toBe('pending')
  })
})

test('withTimeout with Infinity does not hold the process by the timer of another call', async () => {
  const clock = new ReferableClock()
  await withTimeout(() => 'done', { timeoutMs: 50, clock })
  void withTimeout(() => never, { timeoutMs: Infinity, clock })
  expect(clock.referenced).toBe(0)
})

describe('withTimeout when the function has resolved', () => {
  test('withTimeout delivers the value when the deadline comes in the same turn, and leaves the signal alone', async () => {
    const clock = new ManualClock()
    const work = new Deferred<string>()
    let signal: AbortSignal | undefined
    const call = withTimeout(
      (context) => {
        signal = context.signal
        return work.promise
      },
      { timeoutMs: 50, clock },
    )
    work.resolve('committed')
    clock.advanceNow(50)
    await expect(call).resolves.toBe('committed')
    expect(signal?.aborted).toBe(false)
  })

  test('withTimeout delivers the value when the caller aborts in the same turn', async () => {
    const caller = new AbortController()
    const work = new Deferred<string>()
    const call = withTimeout(() => work.promise, { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal })
    work.resolve('committed')
    caller.abort(new Error('no longer wanted'))
    await expect(call).resolves.toBe('committed')
  })

  test('withTimeout does not abort the signal of a call that has settled: a Response can be read to its end', async () => {
    const clock = new ManualClock()
    const caller = new AbortController()
    const rest = new Deferred<string>()
    const response = await withTimeout(
      ({ signal }) => {
        const body = new ReadableStream({
          async start(controller) {
            signal.addEventListener('abort', () => controller.error(signal.reason))
            controller.enqueue(new TextEncoder().encode(await rest.promise))
            controller.close()
          },
        })
        return new Response(body)
      },
      { timeoutMs: 50, clock, signal: caller.signal },
    )
    await clock.advance(1_000)
    rest.resolve('the end')
    await expect(response.text()).resolves.toBe('the end')
  })
})

describe('withTimeout and its timer', () => {
  test('withTimeout leaves no timer when the last call has settled, however it ended', async () => {
    const clock = new ManualClock()
    const caller = new AbortController()
    const calls = [
      withTimeout(() => 1, { timeoutMs: 10, clock }),
      withTimeout(() => Promise.reject(new Error('no')), { timeoutMs: 20, clock }),
      withTimeout(() => never, { timeoutMs: 30, clock }),
      withTimeout(() => never, { timeoutMs: 40, clock, signal: caller.signal }),
    ]
    const outcomes = Promise.allSettled(calls)
    await clock.advance(30)
    expect(clock.armed).toBe(1)
    caller.abort()
    await outcomes
    expect(clock.armed).toBe(0)
  })

  test('withTimeout arms one timer for ten thousand calls', async () => {
    const clock = new ManualClock()
    const work = new Deferred<string>()
    const calls = Array.from({ length: 10_000 }, (_, i) =>
      withTimeout(() => work.promise, { timeoutMs: 50 + (i % 3), clock }),
    )
    expect(clock.arms).toBe(1)
    expect(clock.armed).toBe(1)
    work.resolve('all')
    await Promise.all(calls)
    expect(clock.armed).toBe(0)
  })

  test('withTimeout is not early above 2^31-1 ms', async () => {
    const clock = new ManualClock()
    const timeoutMs = 2 ** 31 + 5_000
    const call = withTimeout(() => never, { timeoutMs, clock })
    await clock.advance(timeoutMs - 1)
    expect(await outcomeOf(call)).toBe('pending')
    await clock.advance(1)
    expect(await outcomeOf(call)).toEqual({ error: new TimeoutError(timeoutMs) })
  })

  test('withTimeout is not early when the platform’s timer is', async () => {
    const clock = new ManualClock()
    const early = {
      now: () => clock.now(),
      setTimeout: (fn: () => void, ms: number) => clock.setTimeout(fn, Math.max(0.25, ms - 1)),
      clearTimeout: (handle: unknown) => clock.clearTimeout(handle),
    }
    const call = withTimeout(() => never, { timeoutMs: 50, clock: early })
    let endedAt = 0
    call.catch(() => (endedAt = clock.now()))
    const startedAt = clock.now()
    await clock.advance(49.75)
    expect(endedAt).toBe(0)
    await clock.advance(0.25)
    expect(endedAt - startedAt).toBe(50)
  })
})

describe('withTimeout and the caller’s abort', () => {
  test('withTimeout does not call the function when the signal is already aborted', async () => {
    const fn = vi.fn<() => string>(() => 'never called')
    const clock = new ManualClock()
    const reason = { any: 'thing' }
    await expect(withTimeout(fn, { timeoutMs: 50, clock, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(fn).not.toHaveBeenCalled()
    expect(clock.arms).toBe(0)
  })

  test('withTimeout rejects at once with the identical reason, though the function ignores its signal', async () => {
    const caller = new AbortController()
    const reason = new TimeoutError(7)
    const call = withTimeout(() => never, { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal })
    caller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  test('withTimeout passes the abort on to the function’s signal with the identical reason', async () => {
    const caller = new AbortController()
    let inner: AbortSignal | undefined
    const call = withTimeout(
      ({ signal }) => {
        inner = signal
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('what the function makes of it')))
        })
      },
      { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal },
    )
    const reason = { any: 'thing' }
    caller.abort(reason)
    expect(inner?.reason).toBe(reason)
    await expect(call).rejects.toBe(reason)
  })

  test('withTimeout shows the caller’s reason to a function that first reads its signal after the abort', async () => {
    const caller = new AbortController()
    let context: TimeoutContext | undefined
    const call = withTimeout(
      (given) => {
        context = given
        return never
      },
      { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal },
    )
    caller.abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(context?.signal.reason).toBe('enough')
  })

  test('withTimeout hears an abort that the function itself causes', async () => {
    const caller = new AbortController()
    const call = withTimeout(
      () => {
        caller.abort('from within')
        return never
      },
      { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal },
    )
    await expect(call).rejects.toBe('from within')
  })

  test('withTimeout puts one listener on a signal for any number of calls and takes it off with the last', async () => {
    const caller = new AbortController()
    const clock = new ManualClock()
    const options = { timeoutMs: 50, clock, signal: caller.signal }
    const work = new Deferred<string>()
    const first = withTimeout(() => work.promise, options)
    const others = Array.from({ length: 100 }, () => withTimeout(() => never, options))
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1)
    work.resolve('done')
    await first
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1)
    const outcomes = Promise.allSettled(others)
    await clock.advance(50)
    await outcomes
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0)
  })

  test('withTimeout gives every call on a signal the reason, and leaves no listener and no timer', async () => {
    const caller = new AbortController()
    const clock = new ManualClock()
    const calls = [50, 60, 70].map((timeoutMs) => withTimeout(() => never, { timeoutMs, clock, signal: caller.signal }))
    caller.abort('all of you')
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason: 'all of you' })))
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0)
    expect(clock.armed).toBe(0)
  })

  test('withTimeout makes no AbortController for a function that does not read its signal', async () => {
    const made = vi.spyOn(globalThis, 'AbortController')
    onTestFinished(() => made.mockRestore())
    const clock = new ManualClock()
    const call = withTimeout(() => never, { timeoutMs: 50, clock })
    clock.advanceNow(50)
    await expect(call).rejects.toThrow(TimeoutError)
    expect(made).not.toHaveBeenCalled()
  })
})

describe('withTimeout and its options', () => {
  test.each([
    [Number.NaN, RangeError, 'timeoutMs must be a number >= 0, received NaN'],
    [-1, RangeError, 'timeoutMs must be a number >= 0, received -1'],
    ['50', TypeError, 'timeoutMs must be a number >= 0, received 50'],
    [undefined, TypeError, 'timeoutMs must be a number >= 0, received undefined'],
    [10n, TypeError, 'timeoutMs must be a number >= 0, received 10'],
  ])('withTimeout refuses a timeoutMs of %s and does not call the function', async (timeoutMs, type, message) => {
    const fn = vi.fn<() => string>(() => 'never called')
    const call = withTimeout(fn, { timeoutMs: timeoutMs as number })
    await expect(call).rejects.toThrow(type)
    await expect(call).rejects.toThrow(message)
    expect(fn).not.toHaveBeenCalled()
  })

  test('withTimeout refuses a clock that is none', async () => {
    const call = withTimeout(() => 1, { timeoutMs: 1, clock: { now: () => 0 } as never })
    await expect(call).rejects.toThrow(new TypeError('clock.setTimeout must be a function, received undefined'))
  })

  test('withTimeout refuses a signal that is none and leaves no timer behind', async () => {
    const clock = new ManualClock()
    await expect(withTimeout(() => never, { timeoutMs: 1, clock, signal: {} as never })).rejects.toThrow(TypeError)
    expect(clock.armed).toBe(0)
  })

  test('withTimeout takes undefined for every option that may be left out', async () => {
    const options = { timeoutMs: 10, clock: undefined, message: undefined, signal: undefined }
    await expect(withTimeout(() => 'fine', options)).resolves.toBe('fine')
  })
})
