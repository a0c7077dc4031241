import { unwatch, watch } from './abort-watch.ts'
import type { Account } from './account.ts'
import { startTimer, type Clock, type Ticker } from './clock.ts'
import { LinkedList, type Linked } from './linked-list.ts'
import { MinHeap, type Ranked } from './min-heap.ts'

interface Waiter extends Linked<Waiter> {
  readonly tokens: number
  /** The last moment at which the tokens are of use, in microseconds. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
  readonly resolve: (granted: boolean) => void
  readonly reject: (reason: unknown) => void
  readonly line: Line
  readonly onAbort: () => void
  isWaiting: boolean
}

/** Those who wait for one account, first come first served. `rank` is the moment at which the first one is served. */
interface Line extends Ranked {
  readonly account: Account
  readonly waiters: LinkedList<Waiter>
  /** Nobody in the line is served before this moment. */
  since: number
  /** The account as it will be when everybody in the line has been served, and when that is. Unknown after a change. */
  end: { readonly account: Account; at: number } | undefined
}

/**
 * Waiting for tokens, strictly in order, one line for each account and one timer for all lines.
 *
 * When a waiter will be served follows from the account and from those ahead of it, so whoever cannot be served in time
 * is told on arrival, and no deadline needs a timer. A late timer loses no tokens: waiters are served as of the moment
 * at which their tokens were there.
 */
export class WaitQueue {
  readonly #clock: Clock
  readonly #ticker: Ticker
  readonly #maxQueue: number
  readonly #onAwaited: (account: Account, awaited: boolean) => void
  readonly #lines = new Map<Account, Line>()
  readonly #order = new MinHeap<Line>()
  #size = 0
  #timer: unknown
  #timerAt = Infinity

  /** `onAwaited` hears when somebody begins to wait for an account, and when nobody does any more. */
  constructor(
    clock: Clock,
    ticker: Ticker,
    maxQueue: number,
    onAwaited: (account: Account, awaited: boolean) => void = () => {},
  ) {
    this.#clock = clock
    this.#ticker = ticker
    this.#maxQueue = maxQueue
    this.#onAwaited = onAwaited
  }

  /** Whether anybody waits for `account`, once all are served whose time has come. */
  isAwaited(account: Account, now: number): boolean {
    if (this.#size === 0) return false
    this.serve(now)
    return this.#lines.has(account)
  }

  /** When `tokens` can be had by somebody who comes now, behind all who wait. */
  readyAt(account: Account, tokens: number, now: number): number {
    const line = this.#lines.get(account)
    if (line === undefined) return account.readyAt(tokens, now)
    const { account: last, at } = this.#endOf(line)
    return last.readyAt(tokens, Math.max(now, at))
  }

  /** Waits for `tokens`; false at once if they cannot be had by the deadline or if the queue is full. */
  join(account: Account, tokens: number, deadline: number, signal: AbortSignal | undefined): Promise<boolean> {
    const now = this.#ticker.now()
    const readyAt = this.readyAt(account, tokens, now)
    if (readyAt > deadline || this.#size >= this.#maxQueue) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      let line = this.#lines.get(account)
      const first = line === undefined
      line ??= { account, waiters: new LinkedList(), since: now, end: undefined, rank: readyAt, slot: -1 }
      const end = this.#endOf(line)
      end.account.take(tokens, readyAt)
      end.at = readyAt
      const onAbort = (): void => this.#leave(waiter)
      const waiter: Waiter = {
        tokens,
        deadline,
        signal,
        resolve,
        reject,
        line,
        onAbort,
        isWaiting: true,
        before: undefined,
        after: undefined,
      }
      line.waiters.push(waiter)
      this.#size += 1
      if (signal !== undefined) watch(signal, onAbort)
      if (!first) return
      this.#lines.set(account, line)
      this.#order.add(line)
      this.#onAwaited(account, true)
      this.#setTimer(now)
    })
  }

  /** Serves everybody whose time has come. */
  serve(now: number): void {
    for (let line = this.#order.top; line !== undefined && line.rank <= now; line = this.#order.top) {
      const first = line.waiters.first as Waiter
      line.since = line.rank
      // Another listener of the same abort may come here before ours has taken the waiter out.
      if (first.signal?.aborted === true) {
        this.#dismiss(first)
        this.#closeUp(line)
        continue
      }
      line.account.take(first.tokens, line.rank)
      this.#remove(first)
      this.#advance(line)
      first.resolve(true)
    }
    this.#setTimer(now)
  }

  /** To be called when the account's tokens have changed: judges everybody who waits for it anew. */
  judge(account: Account, now: number): void {
    const line = this.#lines.get(account)
    if (line === undefined) return
    line.since = now
    this.#review(line)
    this.serve(now)
  }

  /** Sends everybody away with `false`. */
  close(): void {
    for (const line of this.#lines.values()) {
      for (const waiter of line.waiters) this.#dismiss(waiter)
      this.#advance(line)
    }
    this.#setTimer(this.#ticker.now())
  }

  /** Judges everybody in the line anew: who can no longer be served in time is told now. */
  #review(line: Line): void {
    const { capacity } = line.account
    const end = { account: line.account.fork(), at: line.since }
    for (const waiter of line.waiters) {
      const readyAt = end.account.readyAt(waiter.tokens, end.at)
      if (waiter.signal?.aborted === true) {
        this.#dismiss(waiter)
      } else if (waiter.tokens > capacity) {
        this.#remove(waiter)
        waiter.reject(new RangeError(`tokens must be <= ${capacity}, the capacity, received ${waiter.tokens}`))
      } else if (readyAt > waiter.deadline) {
        this.#dismiss(waiter)
      } else {
        end.account.take(waiter.tokens, readyAt)
        end.at = readyAt
      }
    }
    line.end = end
    this.#advance(line)
  }

  #endOf(line: Line): { readonly account: Account; at: number } {
    if (line.end !== undefined) return line.end
    const end = { account: line.account.fork(), at: line.since }
    for (const { tokens } of line.waiters) {
      end.at = end.account.readyAt(tokens, end.at)
      end.account.take(tokens, end.at)
    }
    line.end = end
    return end
  }

  /** Finds out when the first of the line is served; a line without anybody is forgotten. */
  #advance(line: Line): void {
    const { first } = line.waiters
    if (first !== undefined) {
      line.rank = line.account.readyAt(first.tokens, line.since)
      this.#order.update(line)
      return
    }
    this.#order.delete(line)
    this.#lines.delete(line.account)
    this.#onAwaited(line.account, false)
  }

  /** Takes out a waiter whose signal has aborted. */
  #leave(waiter: Waiter): void {
    const now = this.#ticker.now()
    const { line } = waiter
    // Whose tokens were there before the abort has been served, though its timer may be late.
    this.serve(now)
    if (!waiter.isWaiting) return
    this.#dismiss(waiter)
    line.since = now
    this.#closeUp(line)
    this.serve(now)
  }

  /** Moves those forward who stand behind somebody who left. */
  #closeUp(line: Line): void {
    line.end = undefined
    if (line.account.canSlip) this.#review(line)
    else this.#advance(line)
  }

  /** Sends a waiter away: with `false`, or with the reason of its signal if that has aborted. */
  #dismiss(waiter: Waiter): void {
    this.#remove(waiter)
    if (waiter.signal?.aborted === true) waiter.reject(waiter.signal.reason)
    else waiter.resolve(false)
  }

  #remove(waiter: Waiter): void {
    waiter.line.waiters.delete(waiter)
    waiter.isWaiting = false
    this.#size -= 1
    if (waiter.signal !== undefined) unwatch(waiter.signal, waiter.onAbort)
  }

  #setTimer(now: number): void {
    const at = this.#order.top?.rank ?? Infinity
    if (at === this.#timerAt || (at < Infinity && at > this.#timerAt)) return
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAt = at
    if (at === Infinity) return
    this.#timer = startTimer(this.#clock, () => this.#wake(), (at - now) / 1000)
  }

  #wake(): void {
    this.#timer = undefined
    this.#timerAt = Infinity
    this.serve(this.#ticker.now())
  }
}
