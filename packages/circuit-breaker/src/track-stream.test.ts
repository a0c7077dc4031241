import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { CircuitBreaker } from './circuit-breaker.ts'
import type { CircuitSnapshot } from './snapshot.ts'
import { trackStream } from './track-stream.ts'

const broken = new Error('broken')

async function* tokens(failing = false): AsyncGenerator<number> {
  yield 1
  if (failing) throw broken
  yield 2
}

function readable(failing = false): ReadableStream<number> {
  const source = tokens(failing)
  return new ReadableStream<number>({
    async pull(controller) {
      const { done, value } = await source.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

async function read(stream: AsyncIterable<unknown>, most = Infinity): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const chunk of stream) {
    seen.push(chunk)
    if (seen.length >= most) break
  }
  return seen
}

const counts = (breaker: CircuitBreaker): CircuitSnapshot['counts'] => breaker.snapshot().counts

test.each([
  ['an async iterable', tokens],
  ['a ReadableStream', readable],
])('8. trackStream of %s: success at the end, failure midway, ignore when the reader cancels', async (_, make) => {
  const breaker = new CircuitBreaker()
  expect(await read(trackStream(breaker.acquire(), make()))).toEqual([1, 2])
  expect(counts(breaker)).toMatchObject({ success: 1, inFlight: 0 })
  await expect(read(trackStream(breaker.acquire(), make(true)))).rejects.toBe(broken)
  expect(counts(breaker)).toMatchObject({ failure: 1, inFlight: 0 })
  expect(await read(trackStream(breaker.acquire(), make()), 1)).toEqual([1])
  expect(counts(breaker)).toMatchObject({ ignored: 1, inFlight: 0 })
})

test('trackStream does not settle the permit before the stream ends', async () => {
  const breaker = new CircuitBreaker()
  const stream = trackStream(breaker.acquire(), tokens())
  expect(await stream.next()).toEqual({ done: false, value: 1 })
  expect(counts(breaker)).toMatchObject({ success: 0, inFlight: 1 })
  await stream.next()
  await stream.next()
  expect(counts(breaker)).toMatchObject({ success: 1, inFlight: 0 })
})

test('trackStream passes cancel on to the source, with its reason', async () => {
  const reasons: unknown[] = []
  const source = new ReadableStream({ cancel: (reason) => void reasons.push(reason) })
  await trackStream(new CircuitBreaker().acquire(), source).cancel('enough')
  expect(reasons).toEqual(['enough'])
})

test('trackStream reads a stream of a client library by its iteration, and leaves the rest to the stream', async () => {
  class ModelStream implements AsyncIterable<number> {
    readonly next = 'https://model.test/page/2'

    pages(): AsyncIterator<number> {
      return tokens()
    }

    [Symbol.asyncIterator](): AsyncIterator<number> {
      return this.pages()
    }
  }
  const stream = new ModelStream()
  const breaker = new CircuitBreaker()
  expect(await read(trackStream(breaker.acquire(), stream))).toEqual([1, 2])
  expect(stream.next).toBe('https://model.test/page/2')
  expect(counts(breaker)).toMatchObject({ success: 1, inFlight: 0 })
})

test('trackStream gives back the kind of stream it was given', () => {
  const breaker = new CircuitBreaker()
  const iterable = { [Symbol.asyncIterator]: () => tokens() }
  expectTypeOf(trackStream(breaker.acquire(), readable())).toEqualTypeOf<ReadableStream<number>>()
  expectTypeOf(trackStream(breaker.acquire(), tokens())).toEqualTypeOf<AsyncGenerator<number>>()
  expectTypeOf(trackStream(breaker.acquire(), iterable)).toEqualTypeOf<AsyncIterable<number>>()
  expect(trackStream(breaker.acquire(), readable())).toBeInstanceOf(ReadableStream)
})

describe('errors midway', () => {
  async function* failing(error: unknown): AsyncGenerator<number> {
    yield 1
    throw error
  }

  test.each([
    ['an AbortError, with no signal to tell', new DOMException('stopped', 'AbortError'), undefined],
    ['any error after the abort of the signal', broken, AbortSignal.abort()],
  ])('trackStream ignores %s, and classify is not asked', async (_, error, signal) => {
    const breaker = new CircuitBreaker({ failureThreshold: 1, classify: () => 'failure' })
    await expect(read(trackStream(breaker.acquire(), failing(error), { signal }))).rejects.toBe(error)
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', counts: { ignored: 1, inFlight: 0 } })
  })

  test('trackStream ignores a ReadableStream that its reader aborted', async () => {
    const breaker = new CircuitBreaker({ failureThreshold: 1 })
    const aborted = new DOMException('stopped', 'AbortError')
    const source = new ReadableStream<number>({ pull: (controller) => controller.error(aborted) })
    await expect(trackStream(breaker.acquire(), source).getReader().read()).rejects.toBe(aborted)
    expect(breaker.state).toBe('closed')
  })

  test('trackStream takes an error midway as execute does: refusals are ignored, time limits are failures', async () => {
    const breaker = new CircuitBreaker({ failureThreshold: 1 })
    const refusal = Object.assign(new Error('slow down'), { code: 'RATE_LIMITED' })
    await expect(read(trackStream(breaker.acquire(), failing(refusal)))).rejects.toBe(refusal)
    expect(breaker.state).toBe('closed')
    const late = new DOMException('late', 'TimeoutError')
    await expect(read(trackStream(breaker.acquire(), failing(late)))).rejects.toBe(late)
    expect(breaker.state).toBe('open')
  })

  test("trackStream asks the circuit's classify about an error midway", async () => {
    const asked: unknown[] = []
    const breaker = new CircuitBreaker({
      failureThreshold: 1,
      classify: (outcome) => {
        asked.push(outcome)
        return 'ignore'
      },
    })
    await expect(read(trackStream(breaker.acquire(), failing(broken)))).rejects.toBe(broken)
    expect(asked).toEqual([{ ok: false, error: broken, durationMs: expect.any(Number) }])
    expect(breaker.snapshot().counts).toMatchObject({ ignored: 1, inFlight: 0 })
  })

  test('trackStream judges by the default rules for a permit of another make', async () => {
    const words: unknown[] = []
    const permit = {
      success: () => words.push('success'),
      failure: (error: unknown) => words.push(error),
      ignore: () => words.push('ignore'),
      [Symbol.dispose]: () => {},
    }
    await expect(read(trackStream(permit, failing(broken)))).rejects.toBe(broken)
    expect(words).toEqual([broken])
  })
})

describe('every way to stop settles the permit', () => {
  function halfOpen(): CircuitBreaker {
    const breaker = new CircuitBreaker({ failureThreshold: 1, openDurationMs: 0 })
    breaker.acquire().failure()
    return breaker
  }

  test('trackStream counts a source that cannot begin as a failure', async () => {
    const breaker = new CircuitBreaker({ failureThreshold: 1 })
    const source = {
      [Symbol.asyncIterator](): never {
        throw broken
      },
    }
    await expect(read(trackStream(breaker.acquire(), source))).rejects.toBe(broken)
    expect(breaker.state).toBe('open')
  })

  test.each([
    ['a locked ReadableStream', lockedStream()],
    ['what is no stream', 5],
    ['what cannot be iterated', {}],
  ])('trackStream of %s throws a TypeError and gives the place back', (_, stream) => {
    const breaker = halfOpen()
    expect(() => trackStream(breaker.acquire(), stream as ReadableStream)).toThrow(TypeError)
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { inFlight: 0 } })
  })

  test('a tracked generator that is disposed closes its source and gives the place back', async () => {
    const breaker = halfOpen()
    const closed = vi.fn<() => void>()
    const source = (async function* () {
      try {
        yield 1
        yield 2
      } finally {
        closed()
      }
    })()
    const tracked = trackStream(breaker.acquire(), source)
    await tracked.next()
    await tracked[Symbol.asyncDispose]()
    expect(closed).toHaveBeenCalledOnce()
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', counts: { ignored: 1, inFlight: 0 } })
  })

  test('the iterator of a tracked stream can itself be read on', async () => {
    const breaker = new CircuitBreaker()
    const iterator = trackStream(breaker.acquire(), tokens())[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    expect(await read(iterator)).toEqual([2])
    expect(counts(breaker)).toMatchObject({ success: 1, inFlight: 0 })
  })

  test('trackStream reads frozen iterables', async () => {
    const frozen = Object.freeze({ [Symbol.asyncIterator]: () => tokens() })
    expect(await read(trackStream(new CircuitBreaker().acquire(), frozen))).toEqual([1, 2])
  })
})

function lockedStream(): ReadableStream {
  const stream = new ReadableStream()
  stream.getReader()
  return stream
}
