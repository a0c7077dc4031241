import { checkClock, systemClock, type Clock } from './clock.ts'
import { checkDuration } from './option-checks.ts'
import { TimeoutError } from './timeout-error.ts'
import { Timer } from './timer-heap.ts'
import { timersOf } from './timer-queue.ts'

/**
 * A point in time by which everything must be done: what is left of a budget, carried across calls and over HTTP. The
 * clocks of two machines are never compared, for what travels is the time that is left, as in gRPC's `grpc-timeout`.
 *
 * @example
 * ```ts
 * const deadline = Deadline.fromHeader(request.headers.get('x-deadline-ms')) ?? Deadline.after(10_000)
 * const response = await fetch(url, { signal: deadline.signal, headers: { 'x-deadline-ms': deadline.header() } })
 * ```
 */
export class Deadline {
  readonly #timeoutMs: number
  readonly #expiresAt: number
  readonly #clock: Clock
  #expiry: Expiry | undefined

  private constructor(timeoutMs: number, clock: Clock) {
    this.#timeoutMs = timeoutMs
    this.#expiresAt = clock.now() + timeoutMs
    this.#clock = clock
  }

  /** The deadline `ms` milliseconds from now. Throws a `RangeError` for a negative `ms` and a `TypeError` for no number. */
  static after(ms: number, clock: Clock = systemClock): Deadline {
    checkDuration('ms', ms)
    checkClock(clock)
    return new Deadline(ms, clock)
  }

  /**
   * The deadline that `header()` wrote on the other side, less the time that the message was under way, which nobody
   * knows. `undefined` for what is not written in plain decimal digits ('250', '12.5'; not '1e3'): a header is
   * anybody's to write. Throws a `TypeError` for a `clock` that is none.
   */
  static fromHeader(value: string | null | undefined, clock: Clock = systemClock): Deadline | undefined {
    // Not `Number(value)` alone, to which '' is 0 and '0x10' is 16.
    const ms = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
    return Number.isFinite(ms) ? Deadline.after(ms, clock) : undefined
  }

  /** Milliseconds that are left, never below 0. */
  get remainingMs(): number {
    const remainingMs = Math.max(0, this.#expiresAt - this.#clock.now())
    // While the event loop is blocked no timer fires: whoever sees the deadline passed must see its signal aborted.
    if (remainingMs === 0) this.#expiry?.expire()
    return remainingMs
  }

  get expired(): boolean {
    return this.remainingMs === 0
  }

  /**
   * Aborted with a `TimeoutError` when the deadline is reached. Made when it is first read. It never keeps the process
   * alive, where the platform's timers can be unreferenced.
   */
  get signal(): AbortSignal {
    const { remainingMs } = this
    if (this.#expiry === undefined) {
      this.#expiry = new Expiry(this.#timeoutMs)
      if (remainingMs === 0) this.#expiry.expire()
      else if (remainingMs !== Infinity) timersOf(this.#clock).add(this.#expiry, remainingMs)
    }
    return this.#expiry.controller.signal
  }

  /**
   * The whole milliseconds that are left, rounded down, so that whoever reads it does not outlast its sender. At most
   * `Number.MAX_SAFE_INTEGER`, which is 285,000 years, so that it is always digits.
   */
  header(): string {
    return String(Math.min(Number.MAX_SAFE_INTEGER, Math.floor(this.remainingMs)))
  }
}

class Expiry extends Timer {
  readonly controller: AbortController = new AbortController()
  readonly #timeoutMs: number

  constructor(timeoutMs: number) {
    super()
    this.#timeoutMs = timeoutMs
  }

  override get holdsProcess(): boolean {
    return false
  }

  expire(): void {
    if (this.controller.signal.aborted) return
    this.controller.abort(new TimeoutError(this.#timeoutMs, `The deadline of ${this.#timeoutMs} ms has passed`))
  }
}
