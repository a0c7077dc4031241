import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { Deferred, outcomeOf, settled } from '../test/promises.ts'
import { idleTimeout } from './idle-timeout.ts'
import { TimeoutError } from './timeout-error.ts'

const firstIsLate = new TimeoutError(100, 'The first chunk did not arrive within 100 ms')
const nextIsLate = new TimeoutError(20, 'The next chunk did not arrive within 20 ms')

/** A source whose chunks arrive when the test says so, as a stream and as an iterable. */
class Source {
  readonly cancelled = vi.fn<(reason: unknown) => void>()
  readonly returned = vi.fn<() => void>()
  #controller: ReadableStreamDefaultController<string> | undefined
  readonly #waiting: Deferred<IteratorResult<string>>[] = []

  readonly stream = new ReadableStream<string>({
    start: (controller) => {
      this.#controller = controller
    },
    cancel: this.cancelled,
  })

  readonly iterable: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const next = new Deferred<IteratorResult<string>>()
        this.#waiting.push(next)
        return next.promise
      },
      return: async (value?: unknown) => {
        this.returned()
        return { done: true, value }
      },
    }),
  }

  send(chunk: string): void {
    this.#controller?.enqueue(chunk)
    this.#waiting.shift()?.resolve({ done: false, value: chunk })
  }

  end(): void {
    this.#controller?.close()
    this.#waiting.shift()?.resolve({ done: true, value: undefined })
  }

  fail(error: unknown): void {
    this.#controller?.error(error)
    this.#waiting.shift()?.reject(error)
  }
}

interface Reader {
  read(): Promise<unknown>
  stop(reason: unknown): Promise<unknown>
}

const kinds: [string, (source: Source, clock: ManualClock) => Reader][] = [
  [
    'a ReadableStream',
    (source, clock) => {
      const reader = idleTimeout(source.stream, { firstMs: 100, idleMs: 20, clock }).getReader()
      return {
        read: async () => (await reader.read()).value,
        stop: (reason) => reader.cancel(reason),
      }
    },
  ],
  [
    'an AsyncIterable',
    (source, clock) => {
      const iterator = idleTimeout(source.iterable, { firstMs: 100, idleMs: 20, clock })[Symbol.asyncIterator]()
      return {
        read: async () => (await iterator.next()).value,
        stop: async (reason) => iterator.return?.(reason),
      }
    },
  ],
]

describe.each(kinds)('idleTimeout over %s', (_kind, open) => {
  test('idleTimeout passes chunks and the end through and leaves no timer', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const reader = open(source, clock)
    const first = reader.read()
    await settled()
    await clock.advance(99)
    source.send('a')
    expect(await first).toBe('a')
    const second = reader.read()
    await settled()
    await clock.advance(19)
    source.send('b')
    expect(await second).toBe('b')
    const end = reader.read()
    await settled()
    source.end()
    expect(await end).toBeUndefined()
    expect(clock.armed).toBe(0)
    expect(source.cancelled).not.toHaveBeenCalled()
    expect(source.returned).not.toHaveBeenCalled()
  })

  test('idleTimeout errors when the first chunk is late, and not before', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const first = open(source, clock).read()
    await settled()
    clock.advanceNow(99)
    expect(await outcomeOf(first)).toBe('pending')
    clock.advanceNow(1)
    expect(await outcomeOf(first)).toEqual({ error: firstIsLate })
  })

  test('idleTimeout errors when the next chunk is late', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const reader = open(source, clock)
    const first = reader.read()
    await settled()
    source.send('a')
    await first
    const second = reader.read()
    await settled()
    clock.advanceNow(20)
    expect(await outcomeOf(second)).toEqual({ error: nextIsLate })
    expect(clock.armed).toBe(0)
  })

  test('idleTimeout does not blame a slow reader', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const reader = open(source, clock)
    await clock.advance(10_000)
    const first = reader.read()
    await settled()
    source.send('a')
    expect(await first).toBe('a')
    await clock.advance(10_000)
    expect(clock.armed).toBe(0)
    const second = reader.read()
    await settled()
    source.send('b')
    expect(await second).toBe('b')
  })

  test('idleTimeout delivers a chunk that arrives in the turn of the limit', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const first = open(source, clock).read()
    await settled()
    source.send('just in time')
    clock.advanceNow(100)
    expect(await first).toBe('just in time')
  })

  test('idleTimeout stops the source when it is late, and stays ended', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const reader = open(source, clock)
    const first = reader.read()
    await settled()
    clock.advanceNow(100)
    await expect(first).rejects.toEqual(firstIsLate)
    expect(source.cancelled.mock.calls.length + source.returned.mock.calls.length).toBe(1)
    const again = await outcomeOf(reader.read())
    expect([{ value: undefined }, { error: firstIsLate }]).toContainEqual(again)
    expect(clock.armed).toBe(0)
  })

  test('idleTimeout passes the source’s own error through, identical', async () => {
    const source = new Source()
    const clock = new ManualClock()
    const first = open(source, clock).read()
    const error = new Error('connection reset')
    await settled()
    source.fail(error)
    await expect(first).rejects.toBe(error)
    expect(clock.armed).toBe(0)
  })

  test('idleTimeout stops the source when the reader stops', async () => {
    const source = new Source()
    const reader = open(source, new ManualClock())
    const first = reader.read()
    await settled()
    source.send('a')
    await first
    await reader.stop('enough')
    expect(source.cancelled.mock.calls.length + source.returned.mock.calls.length).toBe(1)
  })
})

test('idleTimeout cancels a late ReadableStream with the very error that its reader gets', async () => {
  const source = new Source()
  const clock = new ManualClock()
  const read = idleTimeout(source.stream, { firstMs: 100, clock }).getReader().read()
  await settled()
  clock.advanceNow(100)
  const error = await read.catch((reason: unknown) => reason)
  expect(source.cancelled).toHaveBeenCalledExactlyOnceWith(error)
  expect(source.cancelled.mock.calls[0]?.[0]).toBe(error)
})

test('idleTimeout passes the reader’s reason on to a ReadableStream, even while a chunk is awaited', async () => {
  const source = new Source()
  const clock = new ManualClock()
  const reader = idleTimeout(source.stream, { firstMs: 100, clock }).getReader()
  const read = reader.read()
  await settled()
  await reader.cancel('enough')
  expect(source.cancelled).toHaveBeenCalledExactlyOnceWith('enough')
  expect(await read).toEqual({ done: true, value: undefined })
  await settled()
  expect(clock.armed).toBe(0)
})

test('idleTimeout lets a `for await` over a generator end early, and the generator clean up', async () => {
  const cleanedUp = vi.fn<() => void>()
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i += 1) yield i
    } finally {
      cleanedUp()
    }
  }
  const seen: number[] = []
  for await (const n of idleTimeout(numbers(), { idleMs: 20, clock: new ManualClock() })) {
    seen.push(n)
    if (n === 2) break
  }
  expect(seen).toEqual([0, 1, 2])
  expect(cleanedUp).toHaveBeenCalledOnce()
})

test('idleTimeout guards the body of a Response', async () => {
  const { body } = new Response('to the end')
  expect(body).not.toBeNull()
  if (body === null) return
  await expect(new Response(idleTimeout(body, { idleMs: 20, clock: new ManualClock() })).text()).resolves.toBe(
    'to the end',
  )
})

test('idleTimeout reports its TimeoutError, not what goes wrong while the source stops', async () => {
  const clock = new ManualClock()
  const rude: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => Promise.reject(new Error('I will not stop')),
    }),
  }
  const next = idleTimeout(rude, { firstMs: 100, clock })[Symbol.asyncIterator]().next()
  clock.advanceNow(100)
  expect(await outcomeOf(next)).toEqual({ error: firstIsLate })
})

test('idleTimeout takes idleMs for the first chunk too when firstMs is left out', async () => {
  const clock = new ManualClock()
  const next = idleTimeout(new Source().iterable, { idleMs: 20, clock })[Symbol.asyncIterator]().next()
  clock.advanceNow(20)
  await expect(next).rejects.toMatchObject({ timeoutMs: 20 })
})

test('idleTimeout keeps the type of the chunks', () => {
  const source = new Source()
  expectTypeOf(idleTimeout(source.stream, { idleMs: 1 })).toEqualTypeOf<ReadableStream<string>>()
  expectTypeOf(idleTimeout(source.iterable, { idleMs: 1 })).toEqualTypeOf<AsyncIterable<string>>()
})

test('idleTimeout refuses options out of range and what is no stream', () => {
  const { iterable } = new Source()
  expect(() => idleTimeout(iterable, { firstMs: -1 })).toThrow('firstMs must be a number >= 0, received -1')
  expect(() => idleTimeout(iterable, { idleMs: Number.NaN })).toThrow(RangeError)
  expect(() => idleTimeout(iterable, { idleMs: '20' as never })).toThrow(TypeError)
  for (const other of [{}, 'text', undefined, null]) {
    expect(() => idleTimeout(other as never, { idleMs: 20 })).toThrow(
      'stream must be a ReadableStream or an AsyncIterable, received',
    )
  }
})
