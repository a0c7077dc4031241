import { Account, freshCells } from './account.ts'
import type { Meter } from './meter.ts'
import { MinHeap, type Ranked } from './min-heap.ts'

/** An account under its key. `rank` is never later than the moment by which the heap that holds it orders. */
export class KeyedAccount<Key> extends Account implements Ranked {
  readonly key: Key
  rank: number = -Infinity
  slot: number = -1
  heap: MinHeap<KeyedAccount<Key>> | undefined
  /** Whether the table holds it. */
  remembered: boolean = false

  constructor(key: Key, meters: readonly Meter[], now: number) {
    super(meters, freshCells(meters, now))
    this.key = key
  }
}

/**
 * The accounts of at most `maxKeys` keys. When there are too many, the one goes that has least to remember: a full one,
 * or else the one nearest to full. One that can give nothing now goes after those, so that no flood of new keys frees it,
 * and one that is blocked or in debt goes last, so that no flood of exhausted ones does; one that somebody waits for
 * never goes.
 *
 * Charging an account does not touch the heaps: it only makes its true rank later, which is found out when the account
 * comes up for eviction. Whatever makes the true rank earlier must be told by `rank`.
 */
export class AccountTable<Key> {
  readonly #maxKeys: number
  readonly #accounts = new Map<Key, KeyedAccount<Key>>()
  /** Those that could give a token when last looked at, nearest to full first. */
  readonly #able = new MinHeap<KeyedAccount<Key>>()
  /** Those that could not, nearest to recovery first. */
  readonly #exhausted = new MinHeap<KeyedAccount<Key>>()
  /** Those that were blocked or in debt, nearest to the end of that first. */
  readonly #barred = new MinHeap<KeyedAccount<Key>>()

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  get(key: Key): KeyedAccount<Key> | undefined {
    return this.#accounts.get(key)
  }

  /** Remembers a new account, once it has been charged. */
  add(account: KeyedAccount<Key>, now: number): void {
    while (this.#accounts.size >= this.#maxKeys && this.#evict(now));
    this.#accounts.set(account.key, account)
    account.remembered = true
    this.rank(account)
  }

  delete(account: KeyedAccount<Key>): void {
    this.pin(account)
    this.#accounts.delete(account.key)
    account.remembered = false
  }

  /** Keeps the account from being evicted, until it is ranked again. */
  pin(account: KeyedAccount<Key>): void {
    account.heap?.delete(account)
    account.heap = undefined
  }

  rank(account: KeyedAccount<Key>): void {
    this.#move(account, this.#able, account.fullAt())
  }

  #evict(now: number): boolean {
    for (const heap of [this.#barred, this.#exhausted]) {
      for (let first = heap.top; first !== undefined && first.rank <= now; first = heap.top) this.#settle(first, now)
    }
    const account = this.#first(this.#able, now) ?? this.#first(this.#exhausted, now) ?? this.#first(this.#barred, now)
    if (account !== undefined) this.delete(account)
    return account !== undefined
  }

  /** The first of a heap by true rank. */
  #first(heap: MinHeap<KeyedAccount<Key>>, now: number): KeyedAccount<Key> | undefined {
    for (let first = heap.top; first !== undefined; first = heap.top) {
      const { rank } = first
      this.#settle(first, now)
      if (first.heap === heap && first.rank <= rank) return first
    }
    return undefined
  }

  /** Puts an account where it belongs now. */
  #settle(account: KeyedAccount<Key>, now: number): void {
    const [barredUntil, readyAt] = [account.readyAt(0, now), account.readyAt(1, now)]
    if (barredUntil > now) this.#move(account, this.#barred, barredUntil)
    else if (readyAt > now) this.#move(account, this.#exhausted, readyAt)
    else this.rank(account)
  }

  #move(account: KeyedAccount<Key>, heap: MinHeap<KeyedAccount<Key>>, rank: number): void {
    account.rank = rank
    if (account.heap === heap) {
      heap.update(account)
      return
    }
    account.heap?.delete(account)
    account.heap = heap
    heap.add(account)
  }
}
