import { describe, expect, expectTypeOf, test } from 'vitest'
import { passThrough, Spy, TestRetry, TestTimeout, withFields } from '../test/policies.ts'
import { fallback } from './fallback.ts'
import { pipeline } from './pipeline.ts'
import type { AnyPolicy, Policy, PolicyContext } from './policy.ts'

const traced = (name: string, trace: string[]): Policy => ({
  kind: name,
  execute: async (fn, { signal = new AbortController().signal } = {}) => {
    trace.push(`+${name}`)
    try {
      return await fn({ signal })
    } finally {
      trace.push(`-${name}`)
    }
  },
})

describe('pipeline: running', () => {
  test('pipeline runs its policies outermost first, around fn', async () => {
    const trace: string[] = []
    const call = pipeline([traced('a', trace), traced('b', trace), traced('c', trace)])
    const value = await call.execute(() => {
      trace.push('fn')
      return 42
    })
    expect(value).toBe(42)
    expect(trace).toEqual(['+a', '+b', '+c', 'fn', '-c', '-b', '-a'])
  })

  test('pipeline passes values, undefined among them, and errors through as they are', async () => {
    const call = pipeline([passThrough('a'), passThrough('b')])
    const error = new Error('as it is')
    await expect(call.execute(() => undefined)).resolves.toBeUndefined()
    await expect(call.execute(() => Promise.reject(error))).rejects.toBe(error)
    await expect(
      call.execute(() => {
        throw error
      }),
    ).rejects.toBe(error)
  })

  test('pipeline of an empty list runs fn, with a signal', async () => {
    const { signal } = new AbortController()
    expect(await pipeline([]).execute((context) => context.signal, { signal })).toBe(signal)
    expect(await pipeline([]).execute((context) => context.signal.aborted)).toBe(false)
  })

  test('pipeline.execute never throws: a synchronous throw rejects, with no policy and with one that lets it out', async () => {
    const error = new Error('sync')
    const fails = (): never => {
      throw error
    }
    const leaky: Policy = {
      execute: (fn, options) => Promise.resolve(fn({ signal: options?.signal ?? new AbortController().signal })),
    }
    await expect(pipeline([]).execute(fails)).rejects.toBe(error)
    await expect(pipeline([leaky]).execute(fails)).rejects.toBe(error)
  })

  test('pipeline starts nothing for a signal that is already aborted, and rejects with its reason', async () => {
    const trace: string[] = []
    const reason = new Error('gone')
    const options = { signal: AbortSignal.abort(reason) }
    await expect(pipeline([]).execute(() => trace.push('fn'), options)).rejects.toBe(reason)
    await expect(pipeline([traced('a', trace)]).execute(() => trace.push('fn'), options)).rejects.toBe(reason)
    expect(trace).toEqual([])
  })

  test('pipeline runs a policy again and again inside a retry', async () => {
    const trace: string[] = []
    const call = pipeline([new TestRetry(2), traced('breaker', trace)])
    const attempts: number[] = []
    const value = await call.execute(({ attempt }) => {
      attempts.push(attempt)
      if (attempt < 3) throw new Error(`attempt ${attempt}`)
      return attempt
    })
    expect({ value, attempts, runs: trace.length / 2 }).toEqual({ value: 3, attempts: [1, 2, 3], runs: 3 })
  })

  test('pipeline keeps neither the list nor the options object', async () => {
    const policies: AnyPolicy[] = [withFields({ attempt: 1 })]
    const options = { name: 'before' }
    const call = pipeline(policies, options)
    policies.length = 0
    options.name = 'after'
    expect(call.describe()).toEqual({ kind: 'pipeline', name: 'before', policies: [{ kind: 'custom' }] })
  })
})

describe('pipeline: context', () => {
  test('pipeline gives fn one context with the fields of every policy, the innermost winning', async () => {
    const call = pipeline([withFields({ a: 1, both: 'outer' }), new TestRetry(0), withFields({ b: 2, both: 'inner' })])
    const context = await call.execute((given) => ({ ...given }))
    expect(context).toEqual({ a: 1, attempt: 1, previousError: undefined, b: 2, both: 'inner' })
  })

  test('pipeline gives fn the innermost signal', async () => {
    const innermost = new AbortController().signal
    const own: Policy = { execute: async (fn) => fn({ signal: innermost }) }
    const { signal } = new AbortController()
    expect(await pipeline([new TestRetry(0), own]).execute((context) => context.signal, { signal })).toBe(innermost)
    expect(await pipeline([own, new TestRetry(0)]).execute((context) => context.signal, { signal })).toBe(innermost)
  })

  test('pipeline hands each policy the signal of the one around it', async () => {
    const signals = [new AbortController().signal, new AbortController().signal] as const
    const received: (AbortSignal | undefined)[] = []
    const giving = (given: AbortSignal): Policy => ({
      execute: async (fn, options) => {
        received.push(options?.signal)
        return fn({ signal: given })
      },
    })
    const caller = new AbortController().signal
    await pipeline([giving(signals[0]), giving(signals[1]), passThrough('last')]).execute(() => 1, { signal: caller })
    expect(received).toEqual([caller, signals[0]])
    expect(received[1]).toBe(signals[0])
  })

  test('pipeline hands options on that keep their signal when they are spread', async () => {
    const { signal } = new AbortController()
    const giving: Policy = { execute: async (fn) => fn({ signal }) }
    const spreading: Policy = { execute: (fn, options) => passThrough('inner').execute(fn, { ...options }) }
    expect(await pipeline([giving, spreading]).execute((context) => context.signal)).toBe(signal)
  })

  test('pipeline does not make a signal that nobody reads, and makes it once if somebody does', async () => {
    const [outer, inner] = [new TestTimeout(), new TestTimeout()]
    const call = pipeline([outer, withFields({ attempt: 1 }), inner])
    await call.execute(({ attempt }) => attempt)
    // The outer one is for the policy inside; nobody reads the inner one.
    expect([outer.signalsMade, inner.signalsMade]).toEqual([1, 0])
    expect(await call.execute((context) => context.signal === context.signal)).toBe(true)
    expect(inner.signalsMade).toBe(1)
  })

  test('pipeline does not make the signal of an own getter that nobody reads', async () => {
    let made = 0
    const own: Policy<PolicyContext & { readonly late: boolean }> = {
      execute: async (fn) =>
        fn({
          late: true,
          get signal() {
            made += 1
            return new AbortController().signal
          },
        }),
    }
    expect(await pipeline([withFields({ attempt: 1 }), own]).execute(({ late, attempt }) => [late, attempt])).toEqual([
      true,
      1,
    ])
    expect(made).toBe(0)
  })

  test('pipeline merges the own fields of a context class, and leaves out what else the class has', async () => {
    class Attempt implements PolicyContext {
      readonly attempt = 1
      readonly #controller = new AbortController()
      get signal(): AbortSignal {
        return this.#controller.signal
      }
      cancel(): void {
        this.#controller.abort()
      }
    }
    const own: Policy<PolicyContext & { readonly attempt: number }> = { execute: async (fn) => fn(new Attempt()) }
    const context = await pipeline([own, passThrough('inner')]).execute((given) => given)
    expect(context.attempt).toBe(1)
    expect('cancel' in context).toBe(false)
  })

  test('pipeline hands on the context itself when only the innermost policy adds to it', async () => {
    const given = { signal: new AbortController().signal, attempt: 1 }
    const own: Policy<typeof given> = { execute: async (fn) => fn(given) }
    expect(await pipeline([new TestTimeout(), own]).execute((context) => context)).toBe(given)
  })

  test.each(['circuit-breaker', 'rate-limiter', 'fallback', 'bulkhead'])(
    'pipeline makes no signal for the policy inside a %s, which aborts nothing, when the caller has none',
    async (kind) => {
      const [inner, outer] = [new Spy('timeout'), passThrough(kind)]
      await pipeline([outer, inner]).execute(() => 1)
      expect(inner.options?.signal).toBeUndefined()
      const { signal } = new AbortController()
      await pipeline([outer, inner]).execute(() => 1, { signal })
      expect(inner.options?.signal).toBe(signal)
    },
  )
})

describe('pipeline: types', () => {
  test('pipeline gives fn exactly the fields of its policies', async () => {
    const call = pipeline([
      new TestTimeout(),
      new TestRetry(3),
      passThrough('circuit-breaker'),
      withFields({ zone: 'a' }),
    ])
    await call.execute((context) => {
      expectTypeOf(context).toEqualTypeOf<{
        readonly attempt: number
        readonly previousError: unknown
        readonly zone: 'a'
        readonly signal: AbortSignal
      }>()
    })
    expect(await call.execute(({ zone }) => zone)).toBe('a')
  })

  test('pipeline types a field by the innermost policy that gives it', async () => {
    const call = pipeline([withFields({ id: 1, outer: true }), withFields({ id: 'x' })])
    const id = await call.execute((context) => {
      expectTypeOf(context).toEqualTypeOf<{ readonly id: 'x'; readonly outer: true; readonly signal: AbortSignal }>()
      return context.id
    })
    expect(id).toBe('x')
  })

  test('pipeline resolves with the type of fn, and with that of a fallback where there is one', async () => {
    const plain = pipeline([new TestRetry(1)])
    const answered = pipeline([fallback({ to: () => 'none' as const }), plain])
    expectTypeOf(plain.execute(() => 1)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(plain.execute(() => Promise.resolve(1))).toEqualTypeOf<Promise<number>>()
    expectTypeOf(answered.execute(() => 1)).toEqualTypeOf<Promise<number | 'none'>>()
    expectTypeOf(pipeline([answered]).execute(() => 1)).toEqualTypeOf<Promise<number | 'none'>>()
    expectTypeOf(answered.wrap((id: string) => id.length)).toEqualTypeOf<
      (this: unknown, id: string) => Promise<number | 'none'>
    >()
    expect(await answered.execute(() => 1)).toBe(1)
  })

  test('pipeline of a list that is not known at compile time gives a signal, and a value that may be anybody’s', async () => {
    const policies: readonly Policy[] = [new TestRetry(1)]
    const call = pipeline(policies)
    type Given = Parameters<Parameters<typeof call.execute<number>>[0]>[0]
    expectTypeOf<Given>().toEqualTypeOf<{ readonly signal: AbortSignal }>()
    expectTypeOf(call.execute(() => 1)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(pipeline(policies as readonly AnyPolicy[]).execute(() => 1)).toEqualTypeOf<Promise<unknown>>()
    expect(await call.execute(() => 1)).toBe(1)
  })

  test('pipeline does not compile with an unknown option, an unknown rule or what is no policy', () => {
    // @ts-expect-error: no such option
    expect(() => pipeline([], { label: 'x' })).not.toThrow()
    // @ts-expect-error: no such rule
    expect(() => pipeline([], { allow: ['retry'] })).toThrow(RangeError)
    // @ts-expect-error: has no execute
    expect(() => pipeline([{ kind: 'retry' }])).toThrow(TypeError)
    const withoutSignal = {
      execute: async <T>(fn: (context: { attempt: number }) => T): Promise<T> => fn({ attempt: 1 }),
    }
    // @ts-expect-error: gives no signal
    expect(() => pipeline([withoutSignal])).not.toThrow()
  })
})

describe('pipeline: checking', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [{ kind: 'retry' }, 'an object with keys [kind]'],
    [async () => 1, 'async () => 1'],
  ])('pipeline refuses a policy without execute, and names its place: %s', (policy, received) => {
    const policies = [passThrough('a'), policy] as unknown as Policy[]
    expect(() => pipeline(policies)).toThrow(
      new TypeError(`policies[1] must have an execute method, received ${received}`),
    )
  })

  test('pipeline refuses what is no list, and a name that is no string', () => {
    const one = passThrough('a') as unknown as Policy[]
    expect(() => pipeline(one)).toThrow(/^policies must be an array, received /)
    expect(() => pipeline([], { name: 1 as unknown as string })).toThrow(
      new TypeError('name must be a string, received 1'),
    )
  })
})

function withdraw(this: { readonly balance: number }, amount: number, note: string): string {
  return `${this.balance - amount} ${note}`
}

describe('pipeline.wrap', () => {
  test('pipeline.wrap keeps this, arguments and name', async () => {
    const call = pipeline([passThrough('a'), passThrough('b')])
    const account = { balance: 100, withdraw: call.wrap(withdraw) }
    expect(await account.withdraw(30, 'left')).toBe('70 left')
    expect(account.withdraw.name).toBe('withdraw')
  })

  test('pipeline.wrap takes every call through the policies', async () => {
    const trace: string[] = []
    const wrapped = pipeline([traced('a', trace)]).wrap((value: number) => value * 2)
    expect([await wrapped(1), await wrapped(2)]).toEqual([2, 4])
    expect(trace).toEqual(['+a', '-a', '+a', '-a'])
  })
})

describe('pipeline.describe', () => {
  test('pipeline.describe gives order, kinds and names as plain data, nested pipelines included', () => {
    const inner = pipeline([passThrough('circuit-breaker', 'payments'), withFields({ a: 1 })])
    const call = pipeline([fallback({ to: () => 0 }), inner, passThrough('timeout')], { name: 'pay' })
    const description = call.describe()
    expect(description).toEqual({
      kind: 'pipeline',
      name: 'pay',
      policies: [
        { kind: 'fallback' },
        { kind: 'pipeline', policies: [{ kind: 'circuit-breaker', name: 'payments' }, { kind: 'custom' }] },
        { kind: 'timeout' },
      ],
    })
    expect(structuredClone(description)).toEqual(JSON.parse(JSON.stringify(description)))
  })
})
