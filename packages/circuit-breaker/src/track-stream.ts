import type { Permit } from './permit.ts'

/**
 * Lets a stream settle the permit: success at its end, failure at an error midway, ignore when the reader cancels.
 * Read the result instead of `stream`. A `ReadableStream` comes back as a default one, also if it was a byte stream.
 *
 * @example
 * const permit = breaker.acquire()
 * for await (const token of trackStream(permit, model.stream(prompt))) process.stdout.write(token)
 */
export function trackStream<S extends ReadableStream | AsyncIterable<unknown>>(permit: Permit, stream: S): S {
  return ('getReader' in stream ? trackReadable(permit, stream) : trackIterable(permit, stream)) as S
}

function trackReadable(permit: Permit, stream: ReadableStream): ReadableStream {
  const reader = stream.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await judged(permit, () => reader.read())
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel(reason) {
        permit.ignore()
        return reader.cancel(reason)
      },
    },
    // Reads only when it is read: no chunk waits in a second queue.
    { highWaterMark: 0 },
  )
}

/** Streams of client libraries have more than an iterator (`controller`, `response`, …); a proxy keeps all of it. */
function trackIterable(permit: Permit, stream: AsyncIterable<unknown>): AsyncIterable<unknown> {
  return new Proxy(stream, {
    get(target, key) {
      if (key === Symbol.asyncIterator) return () => trackIterator(permit, target[Symbol.asyncIterator]())
      // A generator is read by its own `next`, too.
      if (key in target && isIteratorMethod(key)) return trackIterator(permit, target as never)[key]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function trackIterator(permit: Permit, iterator: AsyncIterator<unknown>): Required<AsyncIterator<unknown>> {
  return {
    next: (...args) => judged(permit, () => iterator.next(...args)),
    async return(value) {
      permit.ignore()
      return (await iterator.return?.(value)) ?? { done: true, value }
    },
    async throw(error) {
      permit.ignore()
      if (iterator.throw) return iterator.throw(error)
      throw error
    },
  }
}

function isIteratorMethod(key: PropertyKey): key is keyof AsyncIterator<unknown> {
  return key === 'next' || key === 'return' || key === 'throw'
}

async function judged<R extends { done?: boolean | undefined }>(
  permit: Permit,
  step: () => PromiseLike<R>,
): Promise<R> {
  try {
    const result = await step()
    if (result.done) permit.success()
    return result
  } catch (error) {
    permit.failure(error)
    throw error
  }
}
