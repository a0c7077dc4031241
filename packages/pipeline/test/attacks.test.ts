/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import { runInNewContext } from 'node:vm'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import {
  bulkhead,
  fallback,
  hedge,
  isBulkheadFullError,
  isPipelineOrderError,
  pipeline,
  type AnyPolicy,
  type Clock,
  type ExecuteOptions,
  type HedgeOptions,
  type Policy,
  type PolicyContext,
} from '@aplomb/pipeline'
import { deferred } from './deferred.ts'
import { ManualClock, settled } from './manual-clock.ts'
import { passThrough, TestRetry, TestTimeout, withFields } from './policies.ts'

const reason = new Error('the caller has left')
const down = new Error('down')
const fails = (): never => {
  throw down
}

/** Another listener, that keeps the event from all who come after it. */
function deafening(): AbortController {
  const controller = new AbortController()
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation())
  return controller
}

describe('half a clock, and signals that are none', () => {
  test.each([
    ['{ now }', { now: () => 0 }, 'clock.setTimeout must be a function, received undefined'],
    ['{}', {}, 'clock.now must be a function, received undefined'],
    ['null', null, 'clock.now must be a function, received undefined'],
    ['5', 5, 'clock.now must be a function, received undefined'],
  ])('bulkhead and hedge refuse the clock %s', (_, clock, message) => {
    const given = clock as Clock
    expect(() => bulkhead({ maxConcurrent: 1, clock: given })).toThrow(new TypeError(message))
    expect(() => hedge({ delayMs: 1, clock: given })).toThrow(new TypeError(message))
  })

  test('bulkhead loses no place and hurts no other call when a waiter brings an invalid signal, or a clock throws', async () => {
    const broken = new ManualClock()
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 2, queueTimeoutMs: 100, clock: broken })
    const { promise, resolve } = deferred<string>()
    const innocent = policy.execute(() => promise)
    const signal = { aborted: false, throwIfAborted: () => {} } as AbortSignal
    await expect(policy.execute(() => 1, { signal })).rejects.toThrow(TypeError)
    await expect(
      policy.execute(() => 1, { signal }),
      'the second time as well',
    ).rejects.toThrow(TypeError)
    vi.spyOn(broken, 'setTimeout').mockImplementationOnce(fails)
    await expect(policy.execute(() => 1)).rejects.toBe(down)
    expect(policy).toMatchObject({ active: 1, queued: 0 })

    resolve('its value')
    await expect(innocent).resolves.toBe('its value')
    expect(policy).toMatchObject({ active: 0, queued: 0 })
    await expect(policy.execute(() => 'next')).resolves.toBe('next')
  })
})

describe('an abort whose event is stopped', () => {
  test('hedge rejects with the reason when a call fails, and starts no other one when the delay is over', async () => {
    const controller = deafening()
    const clock = new ManualClock()
    const { promise, reject } = deferred<string>()
    const fn = vi.fn<() => Promise<string>>(() => promise)
    const failing = hedge({ delayMs: 100, clock }).execute(fn, { signal: controller.signal })
    const late = hedge({ delayMs: 50, clock }).execute(() => new Promise(() => {}), { signal: controller.signal })
    await settled()
    controller.abort(reason)
    reject(down)
    await expect(failing).rejects.toBe(reason)
    await Promise.all([expect(late).rejects.toBe(reason), clock.advance(50)])
    expect([fn.mock.calls.length, clock.pending]).toEqual([1, 0])
  })

  test('bulkhead rejects a waiter with the reason when its time is over or its turn has come', async () => {
    const controller = deafening()
    const clock = new ManualClock()
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 2, queueTimeoutMs: 100, clock })
    const { promise, resolve } = deferred<number>()
    const running = policy.execute(() => promise)
    const fn = vi.fn<() => void>()
    const late = policy.execute(fn, { signal: controller.signal })
    await clock.advance(50)
    const served = policy.execute(fn, { signal: controller.signal })
    controller.abort(reason)
    await Promise.all([expect(late).rejects.toBe(reason), clock.advance(50)])
    resolve(1)
    await expect(served).rejects.toBe(reason)
    await running
    expect(fn).not.toHaveBeenCalled()
    expect(policy).toMatchObject({ active: 0, queued: 0 })
  })
})

test('bulkhead lets nobody overtake a waiter between the handing over of its place and its start', async () => {
  // Two places come free in one turn: one is handed over, the other is there for a newcomer, whenever that comes.
  for (let turns = 0; turns < 6; turns += 1) {
    const policy = bulkhead({ maxConcurrent: 2, maxQueue: 9 })
    const order: string[] = []
    const running = [deferred<void>(), deferred<void>()]
    for (const { promise } of running) void policy.execute(() => promise)
    const waiter = policy.execute(() => {
      order.push('waiter')
      void policy.execute(() => order.push('last'))
    })
    for (const { resolve } of running) resolve()
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await Promise.all([waiter, policy.execute(() => order.push('newcomer'))])
    await settled()
    expect(order.indexOf('waiter'), `${turns} turns later: ${order.join()}`).toBe(0)
    expect(order.indexOf('newcomer')).toBeGreaterThan(0)
    expect(policy).toMatchObject({ active: 0, queued: 0 })
  }
})

describe('an options object that the caller changes while the call runs', () => {
  const { signal: other } = new AbortController()

  test('bulkhead, fallback and pipeline give fn the signal that they were called with', async () => {
    const { signal } = new AbortController()
    for (const policy of [
      bulkhead({ maxConcurrent: 1 }),
      fallback({ to: () => undefined }),
      pipeline([]),
      pipeline([passThrough('circuit-breaker'), passThrough('timeout')]),
    ]) {
      const options: { signal: AbortSignal } = { signal }
      const late = policy.execute(async (context) => {
        options.signal = other
        await settled()
        return context.signal
      }, options)
      expect(await late).toBe(signal)
    }
  })

  test('pipeline gives each attempt of a retry the signal that it was called with', async () => {
    const { signal } = new AbortController()
    const options: { signal: AbortSignal } = { signal }
    const seen: (AbortSignal | undefined)[] = []
    const spy: Policy = {
      execute: async (fn, given) => {
        seen.push(given?.signal)
        options.signal = other
        return fn({ signal })
      },
    }
    const again: Policy = {
      kind: 'rate-limiter',
      execute: async (fn) => {
        await fn({ signal })
        return fn({ signal })
      },
    }
    await pipeline([again, spy]).execute(() => 1, options)
    expect(seen).toHaveLength(2)
    expect(seen.every((each) => each === signal)).toBe(true)
  })

  test('fallback looks for the abort on the signal that it was called with', async () => {
    const controller = new AbortController()
    const options: { signal: AbortSignal } = { signal: controller.signal }
    const { promise, reject } = deferred<string>()
    const call = fallback({ to: () => 'answered' }).execute(() => promise, options)
    options.signal = other
    controller.abort(reason)
    reject(reason)
    await expect(call).rejects.toBe(reason)
  })
})

describe('fallback and an abort that comes late', () => {
  test('fallback does not answer a call that is aborted while `when` decides', async () => {
    const controller = new AbortController()
    const to = vi.fn<() => string>(() => 'answered')
    const when = (): boolean => {
      controller.abort(reason)
      return true
    }
    await expect(fallback({ when, to }).execute(fails, { signal: controller.signal })).rejects.toBe(reason)
    expect(to).not.toHaveBeenCalled()
  })

  test('fallback does not answer a call that is aborted while `to` is at work', async () => {
    const controller = new AbortController()
    const { promise, resolve } = deferred<string>()
    const call = fallback({ to: () => promise }).execute(fails, { signal: controller.signal })
    await settled()
    controller.abort(reason)
    resolve('answered')
    await expect(call).rejects.toBe(reason)
  })
})

describe('types that promised too much', () => {
  class NullOnError implements Policy<PolicyContext, null> {
    async execute<T>(fn: (context: PolicyContext) => T | PromiseLike<T>): Promise<T | null> {
      try {
        return await fn({ signal: new AbortController().signal })
      } catch {
        return null
      }
    }
  }

  class DeclaredNullOnError extends NullOnError {
    declare readonly '~value'?: () => null
  }

  test('pipeline of a policy that may answer itself, and does not declare with what, gives unknown', async () => {
    const call = pipeline([new NullOnError()]).execute((): string => fails())
    expectTypeOf(call).toEqualTypeOf<Promise<unknown>>()
    expect(await call).toBeNull()
    const declared = pipeline([new DeclaredNullOnError()]).execute((): string => fails())
    expectTypeOf(declared).toEqualTypeOf<Promise<string | null>>()
    expect(await declared).toBeNull()
    const transparent = pipeline([new TestRetry(0), new TestTimeout()])
    expectTypeOf(transparent.execute(() => 1)).toEqualTypeOf<Promise<number>>()
  })

  test('pipeline types a field that an inner policy may leave out as that of either policy', async () => {
    const inner: Policy<PolicyContext & { readonly tag?: number; readonly only?: true }> = passThrough('inner')
    const tag = await pipeline([withFields({ tag: 'text' }), inner]).execute((context) => {
      expectTypeOf(context).branded.toEqualTypeOf<{
        readonly tag: 'text' | number | undefined
        readonly only?: true
        readonly signal: AbortSignal
      }>()
      return context.tag
    })
    expect(tag).toBe('text')
  })

  test('pipeline leaves a symbol out of the types, as it does out of the context that it merges', async () => {
    const id: unique symbol = Symbol('id')
    const call = pipeline([withFields({ [id]: 7, zone: 'a' }), withFields({ attempt: 1 })])
    const keys = await call.execute((context) => {
      expectTypeOf<keyof typeof context>().toEqualTypeOf<'zone' | 'attempt' | 'signal'>()
      return Reflect.ownKeys(context)
    })
    expect(keys).toEqual(['zone', 'attempt'])
  })

  test('pipeline keeps the fields of a list with an optional part, and makes those of a plain array optional', async () => {
    const retry: Policy<PolicyContext & { readonly attempt: number }> = withFields({ attempt: 1 })
    const zone: Policy<PolicyContext & { readonly zone: string }> = withFields({ zone: 'a' })
    const conditional = (given: boolean) => pipeline([...(given ? [zone] : []), retry])
    for (const given of [true, false]) {
      const [attempt, found] = await conditional(given).execute((context) => {
        expectTypeOf(context.attempt).toEqualTypeOf<number>()
        expectTypeOf(context.zone).toEqualTypeOf<string | undefined>()
        return [context.attempt, context.zone] as const
      })
      expect([attempt, found]).toEqual([1, given ? 'a' : undefined])
    }
    const list = [retry, zone]
    const seen = await pipeline(list).execute((context) => {
      expectTypeOf(context.attempt).toEqualTypeOf<number | undefined>()
      expectTypeOf(context.zone).toEqualTypeOf<string | undefined>()
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
      return context.zone
    })
    expect(seen).toBe('a')
  })
})

describe('pipeline.execute always returns a promise', () => {
  test('pipeline.execute rejects when reading the signal throws', async () => {
    const options: ExecuteOptions = {
      get signal(): AbortSignal {
        return fails()
      },
    }
    await expect(pipeline([passThrough('a')]).execute(() => 1, options)).rejects.toBe(down)
  })

  test('pipeline.execute returns a promise for a policy that returns none', async () => {
    const bare = { execute: (fn: (context: PolicyContext) => unknown) => fn({ signal: new AbortController().signal }) }
    const returned = pipeline([bare as AnyPolicy]).execute(() => 5)
    expect(returned).toBeInstanceOf(Promise)
    expect(await returned).toBe(5)
  })
})

describe('messages tell what was received', () => {
  const without = Object.assign(Object.create(null) as object, { a: 1 })

  test.each([
    ['5', '"5" (string)'],
    [5n, '5 (bigint)'],
    [Symbol('x'), 'Symbol(x)'],
    [without, 'an object with keys [a]'],
    [[5], 'an array of length 1'],
    [null, 'null'],
  ])('bulkhead, hedge, fallback and pipeline show %o with its type, and throw nothing else', (value, shown) => {
    const refusal = (rule: string): TypeError => new TypeError(`${rule}, received ${shown}`)
    const given = value as never
    expect(() => bulkhead({ maxConcurrent: given })).toThrow(refusal('maxConcurrent must be an integer >= 1'))
    expect(() => hedge({ delayMs: 1, maxHedges: given })).toThrow(refusal('maxHedges must be an integer >= 1'))
    expect(() => fallback({ to: given })).toThrow(refusal('to must be a function'))
    expect(() => pipeline([given])).toThrow(refusal('policies[0] must have an execute method'))
    expect(() => pipeline([], { allow: [given] })).toThrow(`received ${shown}`)
  })

  test('pipeline shows a name that is none, of whatever type', () => {
    const names = [Symbol('x'), without] as unknown as string[]
    const shown = ['Symbol(x)', 'an object with keys [a]']
    for (const [index, name] of names.entries()) {
      expect(() => pipeline([], { name })).toThrow(new TypeError(`name must be a string, received ${shown[index]}`))
    }
  })

  test('hedge does not take a list for a delay that follows the latencies', () => {
    expect(() => hedge({ delayMs: [5] } as unknown as HedgeOptions)).toThrow(
      new TypeError('delayMs must be a number >= 0, received an array of length 1'),
    )
  })

  test('pipeline judges a policy whose kind and name are symbols', () => {
    const odd = { ...passThrough('x'), kind: Symbol('kind'), name: Symbol('name') } as unknown as Policy
    expect(() => pipeline([odd, passThrough('retry')])).not.toThrow()
  })
})

test('isBulkheadFullError and isPipelineOrderError know an error of another realm', () => {
  const foreign = (code: string): unknown => runInNewContext(`Object.assign(new Error('x'), { code: '${code}' })`)
  expect(isBulkheadFullError(foreign('BULKHEAD_FULL'))).toBe(true)
  expect(isPipelineOrderError(foreign('PIPELINE_ORDER'))).toBe(true)
  expect([null, 'BULKHEAD_FULL', foreign('OTHER')].some(isBulkheadFullError)).toBe(false)
})
