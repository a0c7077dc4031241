import { expect, test } from 'vitest'
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

test('trackStream keeps what else a stream of a client library has', async () => {
  class ModelStream implements AsyncIterable<number> {
    #id = 'abc'
    requestId(): string {
      return this.#id
    }
    [Symbol.asyncIterator](): AsyncIterator<number> {
      return tokens()
    }
  }
  const stream = trackStream(new CircuitBreaker().acquire(), new ModelStream())
  expect(stream).toBeInstanceOf(ModelStream)
  expect(stream.requestId()).toBe('abc')
  expect(await read(stream)).toEqual([1, 2])
})
