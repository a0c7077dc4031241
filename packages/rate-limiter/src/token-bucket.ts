import { Account, freshCells } from './account.ts'
import { checkClock, checkDuration, checkInteger, checkTokens } from './check.ts'
import { systemClock, Ticker, type Clock } from './clock.ts'
import type { Decision } from './decision.ts'
import type { Gcra } from './gcra.ts'
import { bucketMeter, type BucketLimit } from './limit.ts'
import type { Cell } from './meter.ts'
import { WaitQueue } from './wait-queue.ts'

/** The limit of a `TokenBucket`, and what it stands on. */
export interface TokenBucketOptions extends BucketLimit {
  /** How many may wait at a time; further ones are told `false` at once. @default 10_000 */
  maxQueue?: number | undefined
  /** @default systemClock */
  clock?: Clock | undefined
}

/** How long to wait for tokens. */
export interface AcquireOptions {
  /** How long the tokens are worth waiting for, in milliseconds. @default Infinity; 0 for `check` */
  timeoutMs?: number | undefined
  /** Gives up waiting; the promise rejects with its reason. */
  signal?: AbortSignal | undefined
}

/**
 * One token bucket in this process. It starts full. Nothing runs in the background: tokens are counted when somebody
 * looks, exactly, by the generic cell rate algorithm on whole microseconds.
 *
 * @throws {RangeError | TypeError} on an option that makes no sense, and from every method that is given a number of
 * tokens that is not a whole number from 0 to the capacity; nothing is charged then.
 * @example
 * const bucket = new TokenBucket({ rate: 10, capacity: 20 })
 * if (!bucket.tryAcquire()) console.log('too many')
 * if (await bucket.acquire(5, { timeoutMs: 1000 })) console.log('five tokens, within a second')
 */
export class TokenBucket {
  readonly #clock: Ticker
  readonly #queue: WaitQueue
  readonly #account: Account
  #meter: Gcra
  #closed = false

  constructor({ rate, capacity, maxQueue = 10_000, clock = systemClock }: TokenBucketOptions) {
    checkInteger('maxQueue', maxQueue, 0)
    checkClock(clock)
    this.#meter = bucketMeter({ rate, capacity })
    this.#clock = new Ticker(clock)
    this.#queue = new WaitQueue(clock, this.#clock, maxQueue)
    this.#account = new Account([this.#meter], freshCells([this.#meter], this.#clock.now()))
  }

  /** Takes the tokens if they are there and nobody waits for them; tells whether it did. 0 tokens are always there. */
  tryAcquire(tokens: number = 1): boolean {
    checkTokens(tokens, this.#meter.capacity)
    return this.#take(tokens, this.#clock.now())
  }

  /**
   * Takes the tokens, waiting for them if need be, strictly in the order of the calls.
   *
   * @returns true once they are taken; false if they cannot be had within `timeoutMs`, if too many wait already or if
   * the bucket is or gets closed. The first two are told at once, not after the wait.
   * @throws the signal's reason, once it aborts; the place in the queue is free then, and nothing is charged.
   */
  async acquire(tokens: number = 1, { timeoutMs = Infinity, signal }: AcquireOptions = {}): Promise<boolean> {
    checkTokens(tokens, this.#meter.capacity)
    checkDuration('timeoutMs', timeoutMs)
    signal?.throwIfAborted()
    const now = this.#clock.now()
    if (this.#take(tokens, now)) return true
    if (this.#closed) return false
    return this.#queue.join(this.#account, tokens, now + Math.round(timeoutMs * 1000), signal)
  }

  /** Like `tryAcquire`, and says how things stand: for a denied request, when it would be granted. */
  check(tokens: number = 1): Decision {
    checkTokens(tokens, this.#meter.capacity)
    const now = this.#clock.now()
    const allowed = this.#take(tokens, now)
    const readyAt = allowed ? now : this.#queue.readyAt(this.#account, tokens, now)
    return this.#account.decision(allowed, tokens, now, readyAt)
  }

  /** The whole tokens there are, and the milliseconds until the bucket is full. Takes nothing. */
  peek(): { remaining: number; resetAfterMs: number } {
    const now = this.#clock.now()
    this.#queue.serve(now)
    const { remaining, resetAfterMs } = this.#account.decision(true, 0, now, now)
    return { remaining, resetAfterMs }
  }

  /** Puts tokens back that were taken and not used; the bucket never holds more than its capacity. */
  refund(tokens: number = 1): void {
    checkTokens(tokens, this.#meter.capacity)
    const now = this.#clock.now()
    this.#queue.serve(now)
    this.#account.giveBack(tokens, now)
    this.#queue.judge(this.#account, now)
  }

  /**
   * Changes the limit and keeps the tokens, as far as they fit. Whoever waits is judged anew: those who can no longer
   * be served in time resolve `false`, those who want more than the new capacity reject with a `RangeError`.
   */
  setLimit({ rate, capacity }: BucketLimit): void {
    const meter = bucketMeter({ rate, capacity })
    const now = this.#clock.now()
    this.#queue.serve(now)
    const [cell] = this.#account.cells as [Cell]
    this.#account.change([meter], [meter.adopt(this.#meter, cell, now)])
    this.#meter = meter
    this.#queue.judge(this.#account, now)
  }

  /** Sends everybody who waits away with `false`. From now on nobody waits; tokens that are there can still be taken. */
  close(): void {
    this.#closed = true
    this.#queue.serve(this.#clock.now())
    this.#queue.close()
  }

  /** The same as `close`. */
  [Symbol.dispose](): void {
    this.close()
  }

  #take(tokens: number, now: number): boolean {
    if (tokens === 0) return true
    if (this.#queue.isAwaited(this.#account, now) || this.#account.readyAt(tokens, now) > now) return false
    this.#account.take(tokens, now)
    return true
  }
}
