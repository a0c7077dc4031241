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
 * or else the one nearest to full. One that can give nothing now goes last, so that no flood of new keys frees it; one
 * that somebody waits for never goes.
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

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  get(key: Key): KeyedAccount<Key> | undefined {
    return this.#accounts.get(key)
  }

  /** Remembers a new account, once it has been charged. */
  add(account: KeyedAccount<Key>, now: number): void {
    if (this.#accounts.size >= this.#maxKeys) this.#evict(now)
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

  #evict(now: number): void {
    for (let first = this.#exhausted.top; first !== undefined && first.rank <= now; first = this.#exhausted.top) {
      this.rank(first)
    }
    const account = this.#nearestToFull(now) ?? this.#nearestToRecovery(now)
    if (account !== undefined) this.delete(account)
  }

  #nearestToFull(now: number): KeyedAccount<Key> | undefined {
    for (let first = this.#able.top; first !== undefined; first = this.#able.top) {
      const fullAt = first.fullAt()
      const readyAt = first.readyAt(1, now)
      if (readyAt > now) this.#move(first, this.#exhausted, readyAt)
      else if (fullAt > first.rank) this.#move(first, this.#able, fullAt)
      else return first
    }
    return undefined
  }

  #nearestToRecovery(now: number): KeyedAccount<Key> | undefined {
    for (let first = this.#exhausted.top; first !== undefined; first = this.#exhausted.top) {
      const readyAt = first.readyAt(1, now)
      if (readyAt <= first.rank) return first
      this.#move(first, this.#exhausted, readyAt)
    }
    return undefined
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
