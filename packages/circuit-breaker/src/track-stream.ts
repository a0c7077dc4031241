import { checkObject, checkShape } from './check.ts'
import { isAbortError, verdictOnError } from './classify.ts'
import { type CircuitPermit, type Permit, verdictOn } from './permit.ts'

/**
 * Lets a stream settle the permit: success at its end, ignore when the reader stops or aborts, and an error midway as
 * `execute` takes it. Read the result, once, instead of `stream`. Of an async iterable it has the iteration only, and a
 * byte stream comes back as a default one.
 *
 * @param options.signal what the stream was started with: an error after its abort is ignored. Without it, only an error
 * named `AbortError` is known for an abort.
 * @throws {TypeError} `stream` is neither, or is locked
 *
 * @example
 * const permit = breaker.acquire()
 * for await (const token of trackStream(permit, model.stream(prompt))) process.stdout.write(token)
 */
export function trackStream<T>(permit: Permit, stream: ReadableStream<T>, options?: TrackOptions): ReadableStream<T>
export function trackStream<T, TReturn, TNext>(
  permit: Permit,
  stream: AsyncGenerator<T, TReturn, TNext>,
  options?: TrackOptions,
): AsyncGenerator<T, TReturn, TNext>
export function trackStream<T>(permit: Permit, stream: AsyncIterable<T>, options?: TrackOptions): AsyncIterable<T>
export function trackStream<T>(
  permit: Permit,
  stream: ReadableStream<T> | AsyncIterable<T>,
  options?: TrackOptions,
): ReadableStream<T> | AsyncIterable<T> {
  try {
    checkObject('stream', stream)
    const judged = judge(permit, options?.signal)
    if ('getReader' in stream) return trackReadable(permit, judged, stream)
    checkShape('stream', stream, 'a ReadableStream or an AsyncIterable', Symbol.asyncIterator in stream)
    return new TrackedIteration(permit, judged, stream)
  } catch (error) {
    permit.ignore()
    throw error
  }
}

interface TrackOptions {
  readonly signal?: AbortSignal | undefined
}

interface Step {
  done?: boolean | undefined
}

type Judged = <R extends Step>(step: () => R | PromiseLike<R>) => Promise<R>

/** Takes one step of a stream, and settles the permit if it was the last. */
function judge(permit: Permit | CircuitPermit, signal: AbortSignal | undefined): Judged {
  const verdict = verdictOn in permit ? permit[verdictOn] : verdictOnError
  return async (step) => {
    try {
      const result = await step()
      if (result.done) permit.success()
      return result
    } catch (error) {
      permit[signal?.aborted || isAbortError(error) ? 'ignore' : verdict(error)](error)
      throw error
    }
  }
}

function trackReadable<T>(permit: Permit, judged: Judged, stream: ReadableStream<T>): ReadableStream<T> {
  const reader = stream.getReader()
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const step = await judged(() => reader.read())
        if (step.done) controller.close()
        else controller.enqueue(step.value)
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

/** One iteration, for a permit is for one call. It starts when it is read, so that a source that cannot is judged too. */
class TrackedIteration<T, TReturn, TNext> implements AsyncGenerator<T, TReturn, TNext> {
  readonly #permit: Permit
  readonly #judged: Judged
  readonly #source: AsyncIterable<T, TReturn, TNext>
  #started: AsyncIterator<T, TReturn, TNext> | undefined

  constructor(permit: Permit, judged: Judged, source: AsyncIterable<T, TReturn, TNext>) {
    this.#permit = permit
    this.#judged = judged
    this.#source = source
  }

  next(...args: [] | [TNext]): Promise<IteratorResult<T, TReturn>> {
    return this.#judged(() => this.#iterator.next(...args))
  }

  async return(value: TReturn | PromiseLike<TReturn>): Promise<IteratorResult<T, TReturn>> {
    this.#permit.ignore()
    return (await this.#iterator.return?.(value)) ?? { done: true, value: await value }
  }

  async throw(error: unknown): Promise<IteratorResult<T, TReturn>> {
    this.#permit.ignore()
    if (this.#iterator.throw) return this.#iterator.throw(error)
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return(undefined as TReturn)
  }

  get #iterator(): AsyncIterator<T, TReturn, TNext> {
    return (this.#started ??= this.#source[Symbol.asyncIterator]())
  }
}
