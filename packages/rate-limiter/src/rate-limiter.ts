import { AccountTable, KeyedAccount } from './account-table.ts'
import type { Account } from './account.ts'
import { CallContext } from './call-context.ts'
import { checkClock, checkDuration, checkInteger, checkOptional, checkTokens, checkType } from './check.ts'
import { systemClock, Ticker, type Clock } from './clock.ts'
import type { Decision } from './decision.ts'
import { metersOf, type Limit } from './limit.ts'
import { Listeners } from './listeners.ts'
import type { Meter } from './meter.ts'
import { RateLimitedError } from './rate-limited-error.ts'
import type { AcquireOptions } from './token-bucket.ts'
import { WaitQueue } from './wait-queue.ts'

/** The limits of a `RateLimiter`, and what it stands on. */
export interface RateLimiterOptions<Key extends string = string> {
  /** The limits of each key. Of several, all must grant a request, and then all are charged. */
  limits: Limit | readonly Limit[]
  /** The limits of a key that has its own; asked when the key is first seen, or seen again after having been forgotten. */
  limitsFor?: ((key: Key) => Limit | readonly Limit[] | undefined) | undefined
  /** How many keys to remember. @default 100_000 */
  maxKeys?: number | undefined
  /** How many requests may wait at a time, all keys together; further ones are denied at once. @default 10_000 */
  maxQueue?: number | undefined
  /** Decides and emits as always, and lets every request pass that makes sense; nothing waits. @default false */
  shadow?: boolean | undefined
  /** @default systemClock */
  clock?: Clock | undefined
  /** Takes what a listener throws or its promise rejects with. @default globalThis.reportError, or an uncaught error where there is none */
  onListenerError?: ((error: unknown) => void) | undefined
}

/** A request and what was decided about it. */
export interface RateLimiterEvent<Key extends string = string> {
  readonly key: Key
  readonly tokens: number
  readonly decision: Decision
}

/** What `RateLimiter.on` can be asked for. */
export interface RateLimiterEvents<Key extends string = string> {
  /** Tokens were taken, at once or after waiting. */
  allowed: RateLimiterEvent<Key>
  /** A request was refused; under `shadow`, would have been. */
  denied: RateLimiterEvent<Key>
}

/** How long a call may wait for its turn. */
export interface ExecuteOptions {
  /** The caller's own signal. */
  signal?: AbortSignal | undefined
  /** How long a call may wait for its turn, in milliseconds. @default 0 */
  timeoutMs?: number | undefined
}

/** What a limited function receives. */
export interface RateLimiterContext {
  /** The caller's signal, or one that never aborts. */
  readonly signal: AbortSignal
}

/** 71 years, in microseconds a number of which a double holds many sums exactly. */
const longestBlockMs = 2 ** 51 / 1000

/** A limiter bound to a key: the shape that pipelines take. */
export interface RateLimiterPolicy {
  readonly kind: 'rate-limiter'
  execute<T>(fn: (context: RateLimiterContext) => T | PromiseLike<T>, options?: ExecuteOptions): Promise<T>
}

/**
 * The same limits for each of many keys, in this process's memory.
 *
 * @throws {RangeError | TypeError} on an option that makes no sense, and from every method that is given a number of
 * tokens that is not a whole number from 0 to the smallest capacity; nothing is charged then.
 * @example
 * const limiter = new RateLimiter({
 *   limits: [
 *     { name: 'second', rate: 10, capacity: 20 },
 *     { name: 'day', quota: 5000, windowMs: 86_400_000 },
 *   ],
 * })
 * if (!limiter.tryAcquire('alice')) console.log('too many')
 */
export class RateLimiter<Key extends string = string> {
  readonly kind = 'rate-limiter'
  readonly #clock: Ticker
  readonly #meters: readonly Meter[]
  readonly #limitsFor: ((key: Key) => Limit | readonly Limit[] | undefined) | undefined
  readonly #accounts: AccountTable<Key>
  readonly #queue: WaitQueue
  readonly #shadow: boolean
  readonly #listeners: Listeners<RateLimiterEvents<Key>>
  #closed = false

  constructor({
    limits,
    limitsFor,
    maxKeys = 100_000,
    maxQueue = 10_000,
    shadow = false,
    clock = systemClock,
    onListenerError,
  }: RateLimiterOptions<Key>) {
    checkInteger('maxKeys', maxKeys, 1)
    checkInteger('maxQueue', maxQueue, 0)
    checkOptional('limitsFor', limitsFor, 'function')
    checkType('shadow', shadow, 'boolean')
    checkClock(clock)
    checkOptional('onListenerError', onListenerError, 'function')
    this.#meters = metersOf(limits)
    this.#limitsFor = limitsFor
    this.#shadow = shadow
    this.#clock = new Ticker(clock)
    this.#accounts = new AccountTable(maxKeys)
    this.#listeners = new Listeners(onListenerError)
    this.#queue = new WaitQueue(clock, this.#clock, maxQueue, (account, awaited) => {
      if (awaited) this.#accounts.pin(account as KeyedAccount<Key>)
      else this.#accounts.rank(account as KeyedAccount<Key>)
    })
  }

  /** Takes the tokens if all limits grant them and nobody waits for the key; tells whether it did. */
  tryAcquire(key: Key, tokens: number = 1): boolean {
    const now = this.#clock.now()
    const account = this.#account(key, now)
    const allowed = this.#take(account, tokens, now)
    if (this.#listeners.has(allowed ? 'allowed' : 'denied')) this.#decide(account, tokens, now, allowed)
    return allowed || this.#shadow
  }

  /**
   * Takes the tokens if they can be had within `timeoutMs`, by default at once, and says how things stand by the
   * tightest limit.
   *
   * @throws the signal's reason, once it aborts; nothing is charged then.
   */
  async check(key: Key, tokens: number = 1, { timeoutMs = 0, signal }: AcquireOptions = {}): Promise<Decision> {
    return this.#told(await this.#wait(key, tokens, timeoutMs, signal))
  }

  /**
   * Takes the tokens, waiting for them if need be, strictly in the order of the calls for the key.
   *
   * @returns true once they are taken; false if they cannot be had within `timeoutMs`, if too many wait already or if
   * the limiter is or gets closed. The first two are told at once, not after the wait.
   * @throws the signal's reason, once it aborts; the place in the queue is free then, and nothing is charged.
   */
  async acquire(key: Key, tokens: number = 1, { timeoutMs = Infinity, signal }: AcquireOptions = {}): Promise<boolean> {
    const { allowed } = await this.#wait(key, tokens, timeoutMs, signal)
    return allowed || this.#shadow
  }

  /** How things stand by the tightest limit, and whether one token could be had now. Takes nothing. */
  async peek(key: Key): Promise<Decision> {
    const now = this.#clock.now()
    const account = this.#account(key, now)
    const allowed = !this.#queue.isAwaited(account, now) && account.readyAt(1, now) <= now
    return this.#told(account.decision(allowed, 1, now, this.#queue.readyAt(account, 1, now)))
  }

  /** Puts tokens back that were taken and not used, into all limits of the key. */
  async refund(key: Key, tokens: number = 1): Promise<void> {
    this.#change(key, (account, now) => {
      checkTokens(tokens, account.capacity)
      account.giveBack(tokens, now)
    })
  }

  /**
   * Takes tokens whether they are there or not: the key may go into debt, and gets nothing until that is paid; by a
   * fixed quota from the windows that follow.
   */
  async penalize(key: Key, tokens: number): Promise<void> {
    checkInteger('tokens', tokens, 0)
    if (tokens === 0) return
    this.#change(key, (account, now) => {
      const trial = account.fork()
      trial.take(tokens, now)
      if (!(trial.fullAt() - now <= 2 ** 52)) {
        throw new RangeError(`tokens must be a debt that is paid within 142 years, received ${tokens}`)
      }
      account.take(tokens, now)
    })
  }

  /** Denies everything to the key for `ms` milliseconds. A block in force that ends later stays. */
  async block(key: Key, ms: number): Promise<void> {
    checkDuration('ms', ms, longestBlockMs)
    this.#change(key, (account, now) => {
      account.blockedUntil = Math.max(account.blockedUntil, now + Math.round(ms * 1000))
    })
  }

  /** Forgets what the key was charged, its penalties and its block, and asks `limitsFor` again. */
  async reset(key: Key): Promise<void> {
    this.#change(key, (account, now) => {
      // One that nobody waits for is forgotten altogether, and asked for when it is seen again.
      account.clear(this.#queue.isAwaited(account, now) ? this.#metersFor(key) : account.meters, now)
    })
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

  /**
   * Calls `fn` for one token of the key.
   *
   * @throws {RateLimitedError} if the token cannot be had within `timeoutMs`, told at once; `fn` was not called then.
   * @throws the signal's reason if it aborts before `fn` was called, and whatever `fn` throws.
   */
  async execute<T>(
    fn: (context: RateLimiterContext) => T | PromiseLike<T>,
    { key, signal, timeoutMs = 0 }: ExecuteOptions & { key: Key },
  ): Promise<T> {
    const decision = await this.#wait(key, 1, timeoutMs, signal)
    if (!decision.allowed && !this.#shadow) throw new RateLimitedError(decision)
    if (signal?.aborted === true) {
      if (decision.allowed) await this.refund(key)
      signal.throwIfAborted()
    }
    return fn(new CallContext(signal))
  }

  /** This limiter bound to a key, for pipelines. */
  policy(key: Key): RateLimiterPolicy {
    checkType('key', key, 'string')
    return {
      kind: this.kind,
      // By name: what a pipeline passes may have its signal on a prototype, where a spread does not look.
      execute: (fn, { signal, timeoutMs } = {}) => this.execute(fn, { key, signal, timeoutMs }),
    }
  }

  /** Calls `listener` on each such event, after the fact; what it throws or rejects with changes nothing. Returns how to take it off. */
  on<Name extends keyof RateLimiterEvents<Key>>(
    name: Name,
    listener: (event: RateLimiterEvents<Key>[Name]) => void,
  ): () => void {
    checkType('listener', listener, 'function')
    return this.#listeners.on(name, listener)
  }

  async #wait(key: Key, tokens: number, timeoutMs: number, signal: AbortSignal | undefined): Promise<Decision> {
    checkDuration('timeoutMs', timeoutMs)
    const now = this.#clock.now()
    const account = this.#account(key, now)
    // After `limitsFor` has run, which may abort it.
    signal?.throwIfAborted()
    if (this.#take(account, tokens, now)) return this.#decide(account, tokens, now, true)
    if (this.#closed || this.#shadow || timeoutMs === 0) return this.#decide(account, tokens, now, false)
    const granted = await this.#queue.join(account, tokens, now + Math.round(timeoutMs * 1000), signal)
    return this.#decide(account, tokens, this.#clock.now(), granted)
  }

  #account(key: Key, now: number): KeyedAccount<Key> {
    const known = this.#accounts.get(key)
    if (known !== undefined) return known
    checkType('key', key, 'string')
    const meters = this.#metersFor(key)
    // `limitsFor` may itself have charged or blocked the key.
    return this.#accounts.get(key) ?? new KeyedAccount(key, meters, now)
  }

  #metersFor(key: Key): readonly Meter[] {
    const own = this.#limitsFor?.(key)
    return own === undefined ? this.#meters : metersOf(own)
  }

  #take(account: KeyedAccount<Key>, tokens: number, now: number): boolean {
    checkTokens(tokens, account.capacity)
    if (tokens === 0) return true
    if (this.#queue.isAwaited(account, now) || account.readyAt(tokens, now) > now) return false
    account.take(tokens, now)
    if (!account.remembered) this.#accounts.add(account, now)
    return true
  }

  #change(key: Key, change: (account: KeyedAccount<Key>, now: number) => void): void {
    const now = this.#clock.now()
    this.#queue.serve(now)
    const account = this.#account(key, now)
    change(account, now)
    if (!account.remembered) {
      if (account.fullAt() > now) this.#accounts.add(account, now)
      return
    }
    this.#queue.judge(account, now)
    if (account.heap === undefined) return
    if (account.fullAt() <= now) this.#accounts.delete(account)
    else this.#accounts.rank(account)
  }

  #decide(account: Account, tokens: number, now: number, allowed: boolean): Decision {
    const readyAt = allowed ? now : this.#queue.readyAt(account, tokens, now)
    const decision = account.decision(allowed, tokens, now, readyAt)
    const name = allowed ? 'allowed' : 'denied'
    if (this.#listeners.has(name)) {
      const { key } = account as KeyedAccount<Key>
      this.#listeners.emit(name, Object.freeze({ key, tokens, decision: Object.freeze({ ...decision }) }))
    }
    return decision
  }

  /** What the caller is told: under `shadow`, everything is allowed. */
  #told(decision: Decision): Decision {
    return this.#shadow && !decision.allowed ? { ...decision, allowed: true } : decision
  }
}
