import { checkClock, systemClock, type Clock } from './clock.ts'
import { checkDuration, shown } from './option-checks.ts'
import { TimedCall } from './timed-call.ts'
import { timersOf } from './timer-queue.ts'

/** How long a stream may keep its reader waiting. */
export interface IdleTimeoutOptions {
  /** Milliseconds that the first chunk may take, from when it is asked for. @default `idleMs` */
  firstMs?: number | undefined
  /** Milliseconds that each later chunk, or the end, may take, from when it is asked for. @default Infinity */
  idleMs?: number | undefined
  /** @default systemClock */
  clock?: Clock | undefined
}

/**
 * The same chunks, with a limit on how long the reader waits for the first and for each of the others. Time runs only
 * while the reader waits, so that a slow reader is not blamed. When a chunk is late, the reader gets a `TimeoutError`
 * and the source is cancelled with it (a `ReadableStream`) or returned (an `AsyncIterable`, after its `destroy` or
 * `cancel` if it has one, as Node's streams have). A reader that stops early stops the source.
 *
 * Throws a `RangeError` or `TypeError` for options out of range or a `stream` that is neither.
 *
 * @example
 * ```ts
 * for await (const token of idleTimeout(completion, { firstMs: 10_000, idleMs: 2_000 })) process.stdout.write(token)
 * ```
 */
export function idleTimeout<T>(stream: ReadableStream<T>, options: IdleTimeoutOptions): ReadableStream<T>
export function idleTimeout<T>(stream: AsyncIterable<T>, options: IdleTimeoutOptions): AsyncIterable<T>
export function idleTimeout<T>(
  stream: ReadableStream<T> | AsyncIterable<T>,
  options: IdleTimeoutOptions,
): ReadableStream<T> | AsyncIterable<T> {
  const limits = new IdleLimits(options)
  if (typeof stream === 'object' && stream !== null) {
    if ('getReader' in stream) return timedStream(stream, limits)
    if (Symbol.asyncIterator in stream) return { [Symbol.asyncIterator]: () => timedIterator(stream, limits) }
  }
  throw new TypeError(`stream must be a ReadableStream or an AsyncIterable, received ${shown(stream)}`)
}

class IdleLimits {
  readonly #firstMs: number
  readonly #idleMs: number
  readonly #clock: Clock

  constructor({ idleMs = Infinity, firstMs = idleMs, clock = systemClock }: IdleTimeoutOptions) {
    checkDuration('firstMs', firstMs)
    checkDuration('idleMs', idleMs)
    checkClock(clock)
    this.#firstMs = firstMs
    this.#idleMs = idleMs
    this.#clock = clock
  }

  /** Waits for a chunk of a source that is told to `stop` when it is late. */
  wait<C>(isFirst: boolean, next: () => PromiseLike<C>, stop: (error: unknown) => PromiseLike<unknown>): Promise<C> {
    const timeoutMs = isFirst ? this.#firstMs : this.#idleMs
    const message = `The ${isFirst ? 'first' : 'next'} chunk did not arrive within ${timeoutMs} ms`
    return new Promise((resolve, reject) => {
      new ChunkWait<C>(resolve, reject, this.#clock, timeoutMs, message).run(({ signal }) => {
        // What goes wrong while the source stops does not hide why it was stopped, as at the end of a `for await`.
        signal.addEventListener('abort', () => void stop(signal.reason).then(undefined, () => {}))
        return next()
      })
    })
  }
}

/**
 * A wait for one chunk. After a turn that blocked the event loop, timers run before input is read: a chunk that has been
 * there all along gets one more turn to come in, and the reader, who blocked, is not told that the source was late.
 */
class ChunkWait<C> extends TimedCall<C> {
  readonly #clock: Clock
  #isSpared = false

  constructor(
    resolve: (chunk: C) => void,
    reject: (reason: unknown) => void,
    clock: Clock,
    timeoutMs: number,
    message: string,
  ) {
    super(resolve, reject, timersOf(clock), timeoutMs, message, undefined)
    this.#clock = clock
  }

  override expire(): void {
    if (this.#isSpared || this.#clock.now() <= this.expiresAt) return super.expire()
    this.#isSpared = true
    timersOf(this.#clock).add(this, 1)
  }
}

// Without a queue of its own (highWaterMark 0) the stream pulls only while somebody reads.
function timedStream<T>(source: ReadableStream<T>, limits: IdleLimits): ReadableStream<T> {
  const reader = source.getReader()
  const cancel = (reason: unknown): Promise<void> => reader.cancel(reason)
  let isFirst = true
  return new ReadableStream<T>(
    {
      cancel,
      async pull(controller) {
        const { done, value } = await limits.wait(isFirst, () => reader.read(), cancel)
        isFirst = false
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

function timedIterator<T>(source: AsyncIterable<T>, limits: IdleLimits): AsyncIterator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let isFirst = true
  let isLate = false

  let last: Promise<IteratorResult<T>> | undefined

  const close = async (value?: unknown): Promise<IteratorResult<T>> =>
    (await iterator.return?.(value)) ?? { done: true, value }

  // The `return()` of a generator that is stuck waits for it, and Node's streams iterate with one.
  const stop = async (reason: unknown): Promise<void> => {
    isLate = true
    await Promise.allSettled([callIfThere(source, 'destroy', reason), callIfThere(source, 'cancel', reason), close()])
  }

  const read = async (): Promise<IteratorResult<T>> => {
    if (isLate) return { done: true, value: undefined }
    const result = await limits.wait(isFirst, () => iterator.next(), stop)
    isFirst = false
    return result
  }

  return {
    return: close,
    // One after the other, as generators do it: the time of a call starts when the one before it is done.
    next() {
      const result = last === undefined ? read() : last.then(read, read)
      const forget = (): void => {
        if (last === result) last = undefined
      }
      last = result
      result.then(forget, forget)
      return result
    },
  }
}

async function callIfThere(source: object, method: string, argument: unknown): Promise<void> {
  const call: unknown = Reflect.get(source, method)
  if (typeof call === 'function') await Reflect.apply(call, source, [argument])
}
