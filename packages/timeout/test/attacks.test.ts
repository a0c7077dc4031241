import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Deadline, idleTimeout, TimeoutError, TimeoutPolicy, withTimeout, type TimeoutContext } from '@aplomb/timeout'
import { ManualClock } from './manual-clock.ts'
import { Deferred, outcomeOf, settled } from './promises.ts'

const never = new Promise<never>(() => {})

/** A thenable that calls its listeners at once, without a turn in between. */
class Eager<T> implements PromiseLike<T> {
  #listeners: { value: (value: T) => unknown; error: (error: unknown) => unknown } | undefined

  // oxlint-disable-next-line unicorn/no-thenable -- that is the case
  then<A = T, B = never>(
    value?: ((value: T) => A | PromiseLike<A>) | null,
    error?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    this.#listeners = { value: (given) => value?.(given), error: (given) => error?.(given) }
    return never
  }

  resolve(value: T): void {
    this.#listeners?.value(value)
  }

  reject(error: unknown): void {
    this.#listeners?.error(error)
  }
}

test.each([
  ['a symbol', Symbol('late'), 'message must be a string, received Symbol(late) (symbol)'],
  ['an object without a prototype', Object.create(null), 'message must be a string, received object'],
  ['a function', () => 'late', 'message must be a string, received function'],
  ['null', null, 'message must be a string, received null'],
])('TimeoutPolicy and withTimeout refuse a message that is %s', async (_kind, message, says) => {
  const fn = vi.fn<() => string>(() => 'never called')
  const error = new TypeError(says)
  expect(() => new TimeoutPolicy({ timeoutMs: 1, message })).toThrow(error)
  await expect(withTimeout(fn, { timeoutMs: 1, message })).rejects.toThrow(error)
  expect(fn).not.toHaveBeenCalled()
})

test('withTimeout never reports a timeout while the caller’s signal is aborted, though it was told of it too late', async () => {
  const clock = new ManualClock()
  const caller = new AbortController()
  caller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation())
  let context: TimeoutContext | undefined
  const call = withTimeout(
    (given) => {
      context = given
      return never
    },
    { timeoutMs: 50, clock, signal: caller.signal },
  )
  caller.abort('the caller left')
  clock.advanceNow(50)
  await expect(call).rejects.toBe('the caller left')
  expect(context?.signal.reason).toBe('the caller left')
})

test('withTimeout delivers a committed value though the caller aborts in the same turn, whatever carries it', async () => {
  class Sub<T> extends Promise<T> {}
  const carriers: [string, (commit: () => void) => unknown][] = [
    [
      'a value',
      (commit) => {
        commit()
        return 'kept'
      },
    ],
    [
      'a Promise subclass',
      (commit) =>
        new Sub((resolve) => {
          queueMicrotask(() => {
            resolve('kept')
            commit()
          })
        }),
    ],
    [
      'a foreign thenable',
      (commit) => {
        const eager = new Eager<string>()
        queueMicrotask(() => {
          eager.resolve('kept')
          commit()
        })
        return eager
      },
    ],
  ]
  for (const [name, carry] of carriers) {
    const caller = new AbortController()
    const options = { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal }
    const outcome = outcomeOf(withTimeout(() => carry(() => caller.abort('too late')), options))
    // oxlint-disable-next-line eslint/no-await-in-loop -- one by one
    expect([name, await outcome]).toEqual([name, { value: 'kept' }])
  }
})

test('withTimeout follows a thenable to its end, under the limit, and hears only its first word', async () => {
  const clock = new ManualClock()
  const outer = new Eager<PromiseLike<string>>()
  const inner = new Eager<string>()
  const call = withTimeout(() => outer as PromiseLike<unknown>, { timeoutMs: 50, clock })
  outer.resolve(inner)
  outer.reject(new Error('a second word'))
  expect(await outcomeOf(call)).toBe('pending')
  clock.advanceNow(50)
  await expect(call).rejects.toThrow(TimeoutError)
})

test('withTimeout prefers the caller’s reason to what a thenable makes of the abort at once', async () => {
  const caller = new AbortController()
  const call = withTimeout(
    ({ signal }) => {
      const eager = new Eager<string>()
      signal.addEventListener('abort', () => eager.reject(new Error('cancelled')))
      return eager
    },
    { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal },
  )
  caller.abort('the caller left')
  await expect(call).rejects.toBe('the caller left')
})

test('withTimeout refuses what is no signal every time, and leaves no timer', async () => {
  const clock = new ManualClock()
  for (const signal of [{}, { addEventListener: () => {} }, 5] as never[]) {
    for (let time = 0; time < 2; time += 1) {
      const call = withTimeout(() => never, { timeoutMs: 50, clock, signal })
      // oxlint-disable-next-line eslint/no-await-in-loop -- the second time is the case
      await expect(call).rejects.toThrow(/^signal\.\w+ must be a function, received undefined$/)
    }
  }
  expect(clock.armed).toBe(0)
})

test('withTimeout takes null for no signal, as fetch does', async () => {
  await expect(withTimeout(() => 'fine', { timeoutMs: 50, signal: null as never })).resolves.toBe('fine')
})

test('idleTimeout does not blame the source for a turn that blocked longer than idleMs', async () => {
  const server = createServer((socket) => socket.end('one')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const next = idleTimeout(socket, { idleMs: 25 })[Symbol.asyncIterator]().next()
  await once(socket, 'connect')
  const blockedUntil = performance.now() + 60
  while (performance.now() < blockedUntil);
  expect(String((await next).value)).toBe('one')
})

test('idleTimeout spares a late source one turn only', async () => {
  const clock = new ManualClock()
  const source = { [Symbol.asyncIterator]: () => ({ next: () => never }) }
  const next = idleTimeout(source, { idleMs: 20, clock })[Symbol.asyncIterator]().next()
  clock.block(100)
  clock.advanceNow(0)
  expect(await outcomeOf(next)).toBe('pending')
  clock.block(100)
  clock.advanceNow(0)
  expect(await outcomeOf(next)).toMatchObject({ error: { code: 'TIMEOUT' } })
})

test('idleTimeout reads one chunk at a time, and starts the time of each when the one before has come', async () => {
  const clock = new ManualClock()
  const chunks: Deferred<IteratorResult<string>>[] = []
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const chunk = new Deferred<IteratorResult<string>>()
        chunks.push(chunk)
        return chunk.promise
      },
    }),
  }
  const iterator = idleTimeout(source, { firstMs: 100, idleMs: 20, clock })[Symbol.asyncIterator]()
  const first = iterator.next()
  const second = iterator.next()
  clock.advanceNow(99)
  expect(chunks).toHaveLength(1)
  chunks[0]?.resolve({ done: false, value: 'a' })
  expect(await first).toEqual({ done: false, value: 'a' })
  await settled()
  clock.advanceNow(19)
  expect(await outcomeOf(second)).toBe('pending')
  clock.advanceNow(1)
  expect(await outcomeOf(second)).toMatchObject({ error: { message: 'The next chunk did not arrive within 20 ms' } })
})

test.each([Infinity, 1e21, Number.MAX_SAFE_INTEGER])(
  'Deadline.fromHeader reads back what Deadline.header writes of %d ms',
  (ms) => {
    const clock = new ManualClock(0)
    const header = Deadline.after(ms, clock).header()
    expect(header).toBe('9007199254740991')
    expect(Deadline.fromHeader(header, clock)?.remainingMs).toBe(Number.MAX_SAFE_INTEGER)
  },
)

test('Deadline.signal is aborted for whoever sees the deadline passed, though no timer could fire', () => {
  const clock = new ManualClock()
  const deadline = Deadline.after(50, clock)
  const { signal } = deadline
  clock.block(50)
  expect(signal.aborted).toBe(false)
  expect(deadline.expired).toBe(true)
  expect(signal.reason).toBeInstanceOf(TimeoutError)
  const { reason } = signal
  clock.advanceNow(0)
  expect(deadline.signal.reason).toBe(reason)
})

test('withTimeout rejects with the very reason of its signal when the limit and the caller’s abort come together', async () => {
  const clock = new ManualClock()
  const caller = new AbortController()
  let signal: AbortSignal | undefined
  const call = withTimeout(
    (context) => {
      signal = context.signal
      return never
    },
    { timeoutMs: 20, clock, signal: caller.signal },
  )
  clock.advanceNow(20)
  caller.abort('the caller left')
  await expect(call).rejects.toBe('the caller left')
  expect(signal?.reason).toBe('the caller left')
})

test('withTimeout does not abort a signal that is first read after the call has settled', async () => {
  const caller = new AbortController()
  let context: TimeoutContext | undefined
  const options = { timeoutMs: 50, clock: new ManualClock(), signal: caller.signal }
  await withTimeout((given) => {
    context = given
  }, options)
  caller.abort('much later')
  expect(context?.signal.aborted).toBe(false)
})

test('withTimeout shows what it refuses with its type, and never fails to show it', async () => {
  for (const [timeoutMs, says] of [
    ['5', '5 (string)'],
    [Symbol('5'), 'Symbol(5) (symbol)'],
    [Object.create(null), 'object'],
  ]) {
    const error = new TypeError(`timeoutMs must be a number >= 0, received ${says}`)
    // oxlint-disable-next-line eslint/no-await-in-loop -- one by one
    await expect(withTimeout(() => 1, { timeoutMs })).rejects.toThrow(error)
  }
  expect(() => idleTimeout(Object.create(null), {})).toThrow('received object')
})

test('idleTimeout destroys a late stream of Node’s, whose iterator cannot return while it is stuck', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const next = idleTimeout(socket, { firstMs: 20 })[Symbol.asyncIterator]().next()
  const error = await next.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TimeoutError)
  expect(socket.destroyed).toBe(true)
  expect(socket.errored).toBe(error)
})

test('idleTimeout cancels a late source that can be cancelled, and forgives what that throws', async () => {
  const clock = new ManualClock()
  const source = {
    [Symbol.asyncIterator]: () => ({ next: () => never }),
    cancel: vi.fn<(error: unknown) => void>(() => {
      throw new Error('I will not stop')
    }),
  }
  const next = idleTimeout(source, { idleMs: 20, clock })[Symbol.asyncIterator]().next()
  clock.advanceNow(20)
  const error = await next.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TimeoutError)
  expect(source.cancel).toHaveBeenCalledExactlyOnceWith(error)
})
