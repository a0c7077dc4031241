import { show } from './check.ts'
import { type Outcome, verdictOnError } from './classify.ts'
import { CircuitOpenError, withoutStack } from './circuit-open-error.ts'
import { type CircuitBreakerContext, LazyContext } from './context.ts'
import { type CircuitEvents, Emitter } from './events.ts'
import { type CircuitBreakerOptions, resolveOptions, type Settings } from './options.ts'
import { createPermit, type Permit } from './permit.ts'
import { rejected } from './rejected.ts'
import { type CircuitSnapshot, messageOf } from './snapshot.ts'
import {
  type Admission,
  admits,
  type CircuitState,
  isHeld,
  type Machine,
  type MachineEvent,
  retryAfterMs,
  transition,
  type Verdict,
} from './state.ts'
import type { Tally } from './window.ts'

interface Counts {
  success: number
  failure: number
  ignored: number
  slow: number
  rejected: number
  inFlight: number
}

/** Whether a circuit is closed, without looking at it: that would tell listeners. For the registry alone. */
export let isClosed: (circuit: CircuitBreaker) => boolean

/**
 * Stops calling a dependency that is failing, and finds out safely when it has recovered (Nygard, Release It!).
 *
 * @throws {RangeError} an option is out of range
 * @throws {TypeError} an option has the wrong shape, or two of them exclude each other
 *
 * @example
 * const breaker = new CircuitBreaker({ name: 'ledger', failureThreshold: 5, openDurationMs: 30_000 })
 * const balance = await breaker.execute(({ signal }) => fetchBalance(id, { signal }))
 */
export class CircuitBreaker {
  readonly kind = 'circuit-breaker'
  readonly name: string
  readonly #settings: Settings
  readonly #events: Emitter
  #machine: Machine = { name: 'closed', generation: 0, openings: 0 }
  /** A change that has happened and not been told, while `openDurationMs` is asked. */
  #untold: { readonly from: CircuitState; readonly at: number } | undefined
  #asking = false
  #tally: Tally
  #counts: Counts = noCounts()
  /** Of the last counted failure since it was last closed. */
  #lastError: unknown
  /** Whether calls are timed from their start, also while nobody listens. */
  readonly #timed: boolean

  static {
    isClosed = (circuit) => circuit.#machine.name === 'closed'
  }

  constructor(options: CircuitBreakerOptions = {}) {
    const settings = resolveOptions(options)
    this.name = settings.name
    this.#settings = settings
    this.#events = new Emitter(settings.report)
    this.#tally = settings.createTally()
    this.#timed = settings.slowCallMs !== Infinity || settings.classify !== undefined
  }

  /** What the next call would meet, now. */
  get state(): CircuitState {
    return this.#look().name
  }

  /**
   * Calls `fn` if the circuit lets it through, and judges the call when it settles. One whose `signal` is aborted by
   * then is ignored. Never throws synchronously.
   *
   * @throws {CircuitOpenError} as a rejection: the circuit did not let the call through
   *
   * @example
   * const user = await breaker.execute(({ signal }) => fetchUser(id, { signal }), { signal: request.signal })
   */
  execute<T>(
    fn: (context: CircuitBreakerContext) => T | PromiseLike<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T> {
    let signal: AbortSignal | undefined
    try {
      signal = options?.signal
      if (signal?.aborted) return rejected(signal.reason)
    } catch (error) {
      return rejected(error)
    }
    const admission = this.#admit()
    if (admission instanceof CircuitOpenError) return rejected(admission)
    try {
      const result = Promise.resolve(fn(signal ? { signal } : new LazyContext()))
      // The platform's `then`: one that somebody put on this promise may answer twice, or return anything.
      return Promise.prototype.then.call(
        result,
        (value: T) => {
          this.#judgeValue(admission, value, signal)
          return value
        },
        (error: unknown) => {
          this.#judgeError(admission, error, signal)
          throw error
        },
      ) as Promise<T>
    } catch (error) {
      this.#judgeError(admission, error, signal)
      return rejected(error)
    }
  }

  /**
   * A function that runs `fn` through the circuit, with its `this`, its arguments and its name.
   *
   * @example
   * const guardedQuery = breaker.wrap(query)
   */
  wrap<This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R | PromiseLike<R>,
  ): (this: This, ...args: Args) => Promise<R> {
    const execute = (call: () => R | PromiseLike<R>): Promise<R> => this.execute(call)
    const wrapped = function (this: This, ...args: Args): Promise<R> {
      return execute(() => fn.apply(this, args))
    }
    return Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true })
  }

  /**
   * The right to make one call outside `execute`, for results that go on, such as streams: see `trackStream`.
   *
   * @throws {CircuitOpenError} the circuit does not let the call through
   *
   * @example
   * using permit = breaker.acquire()
   */
  acquire(): Permit {
    const admission = this.#admit()
    if (admission instanceof CircuitOpenError) throw admission
    return createPermit(
      (verdict, error) => this.#settle(admission, verdict, error, this.#endOf(admission)),
      (error) => this.#verdictOnError(admission, error, this.#endOf(admission)),
    )
  }

  /**
   * Tells `listener` of an event until the returned function is called or `signal` aborts. What a listener throws
   * changes nothing and is reported to `onListenerError`.
   *
   * @example
   * breaker.on('stateChange', ({ circuit, from, to }) => log.warn({ circuit, from, to }))
   */
  on<E extends keyof CircuitEvents>(
    event: E,
    listener: (event: CircuitEvents[E]) => void,
    options?: { readonly signal?: AbortSignal | undefined },
  ): () => void {
    return this.#events.on(event, listener, options?.signal)
  }

  /** The circuit now, as plain JSON. */
  snapshot(): CircuitSnapshot {
    const now = this.#settings.clock.now()
    this.#look(now)
    return this.#snapshotAt(now)
  }

  /** Rejects every call until `reset()` or `disable()`. */
  forceOpen(): void {
    this.#advance({ type: 'force-open' })
  }

  /** Lets every call through, whatever comes of it, until `reset()` or `forceOpen()`. */
  disable(): void {
    this.#advance({ type: 'disable' })
  }

  /** Closed, with empty counters, from any state. Calls still in flight no longer count. */
  reset(): void {
    this.#advance({ type: 'reset' })
  }

  #admit(): Admission | CircuitOpenError {
    const { clock } = this.#settings
    if (this.#machine.name === 'closed') {
      this.#counts.inFlight += 1
      const timed = this.#timed || this.#events.hearsOutcomes
      return { generation: this.#machine.generation, startedAt: timed ? clock.now() : undefined }
    }
    const now = clock.now()
    // While there is a place, nobody needs to know whose lease is over.
    const free = this.#machine.name === 'half-open' && admits(this.#machine, this.#settings)
    const machine = free ? this.#machine : this.#look(now)
    if (!admits(machine, this.#settings)) return this.#refuse(machine, now)
    this.#counts.inFlight += 1
    const probe = { generation: machine.generation, startedAt: now }
    this.#advance({ type: 'admit', probe }, now)
    return probe
  }

  #refuse(machine: Machine, now: number): CircuitOpenError {
    const { name } = this
    const wait = retryAfterMs(machine, now, this.#settings)
    // Made here, where the caller is still on the stack.
    const make = (): CircuitOpenError =>
      new CircuitOpenError(name, wait, 'error' in machine ? machine.error : undefined)
    const error = this.#settings.stackTraces ? make() : withoutStack(make)
    this.#counts.rejected += 1
    if (this.#events.has('rejected')) this.#events.emit('rejected', { circuit: name, retryAfterMs: wait })
    return error
  }

  #judgeValue(admission: Admission, value: unknown, signal: AbortSignal | undefined): void {
    const { classify } = this.#settings
    const now = this.#endOf(admission)
    if (signal?.aborted) this.#settle(admission, 'ignore', undefined, now)
    else if (classify === undefined) this.#settle(admission, 'success', undefined, now)
    else {
      const outcome = { ok: true, value, durationMs: durationOf(admission, now) } as const
      const { verdict, fault } = this.#ask(classify, outcome)
      this.#settle(admission, verdict, fault, now)
    }
  }

  #judgeError(admission: Admission, error: unknown, signal: AbortSignal | undefined): void {
    const now = this.#endOf(admission)
    const verdict = signal?.aborted ? 'ignore' : this.#verdictOnError(admission, error, now)
    this.#settle(admission, verdict, error, now)
  }

  #verdictOnError(admission: Admission, error: unknown, now: number | undefined): Verdict {
    const { classify } = this.#settings
    if (classify === undefined) return verdictOnError(error)
    return this.#ask(classify, { ok: false, error, durationMs: durationOf(admission, now) }).verdict
  }

  #ask(classify: (outcome: Outcome) => Verdict, outcome: Outcome): { verdict: Verdict; fault?: unknown } {
    try {
      const verdict = classify(outcome)
      if (verdict === 'success' || verdict === 'failure' || verdict === 'ignore') return { verdict }
      throw new TypeError(`classify must return 'success', 'failure' or 'ignore', received ${show(verdict)}`)
    } catch (fault) {
      this.#settings.report(fault)
      return { verdict: 'failure', fault }
    }
  }

  /** The only place where a result changes anything. `now` is known if the call was timed or the tally asks for it. */
  #settle(admission: Admission, verdict: Verdict, error: unknown, now: number | undefined): void {
    const machine = this.#machine
    if (!isHeld(machine, admission, now ?? 0, this.#settings)) return
    const failed = verdict === 'failure'
    const counts = this.#counts
    const durationMs = durationOf(admission, now)
    const slow = verdict !== 'ignore' && durationMs > this.#settings.slowCallMs
    counts.inFlight -= 1
    counts[verdict === 'ignore' ? 'ignored' : verdict] += 1
    if (slow) counts.slow += 1
    if (failed) this.#lastError = error
    if (machine.name === 'half-open') this.#advance({ type: 'settle', probe: admission, verdict, error }, now)
    else if (machine.name === 'closed' && verdict !== 'ignore' && this.#tally.record(failed, slow, now ?? 0)) {
      this.#advance({ type: 'trip', error: failed ? error : undefined }, now)
    }
    if (admission.startedAt === undefined || !this.#events.has(verdict)) return
    if (verdict === 'failure') this.#events.emit(verdict, { circuit: this.name, error, durationMs })
    else this.#events.emit(verdict, { circuit: this.name, durationMs })
  }

  #look(now?: number): Machine {
    const { name } = this.#machine
    // Only these move by themselves: nothing else needs the time.
    if (name === 'open' || name === 'half-open') this.#advance({ type: 'look' }, now)
    return this.#machine
  }

  #advance(event: MachineEvent, now: number = this.#settings.clock.now()): void {
    this.#tellChange()
    const from = this.#machine
    const to = transition(from, event, now, this.#settings)
    this.#machine = to
    if (from.generation === to.generation) return
    this.#counts = noCounts()
    if (to.name === 'closed') {
      this.#tally = this.#settings.createTally()
      this.#lastError = undefined
    }
    if (from.name !== to.name) this.#untold = { from: from.name, at: now }
    this.#askDuration(to)
    this.#tellChange()
  }

  /** Asked once the circuit is open: whatever the function does with the circuit meets one that is whole. */
  #askDuration(opened: Machine): void {
    const { askOpenMs } = this.#settings
    // An opening that the function itself makes is not asked for, or there would be no end of it.
    if (opened.name !== 'open' || askOpenMs === undefined || this.#asking) return
    this.#asking = true
    const durationMs = askOpenMs({ openings: opened.openings, error: opened.error })
    this.#asking = false
    if (this.#machine === opened) this.#machine = { ...opened, durationMs }
  }

  #tellChange(): void {
    const untold = this.#untold
    if (untold === undefined) return
    this.#untold = undefined
    if (!this.#events.has('stateChange')) return
    const { from, at } = untold
    const snapshot = this.#snapshotAt(at)
    this.#events.emit('stateChange', { circuit: this.name, from, to: snapshot.state, at, snapshot })
  }

  #snapshotAt(now: number): CircuitSnapshot {
    const machine = this.#machine
    const counts = { ...this.#counts }
    if (machine.name === 'half-open') counts.inFlight = machine.probes.size
    const { success, failure, slow } = counts
    const totals =
      machine.name === 'closed' ? this.#tally.totals(now) : { calls: success + failure, failures: failure, slow }
    const calls = totals.calls || 1
    const wait = retryAfterMs(machine, now, this.#settings)
    return {
      name: this.name,
      state: machine.name,
      counts,
      failureRate: totals.failures / calls,
      slowCallRate: totals.slow / calls,
      ...(wait !== undefined && { retryAfterMs: wait }),
      openings: machine.openings,
      ...(this.#lastError !== undefined && { lastError: messageOf(this.#lastError) }),
    }
  }

  #endOf({ startedAt }: Admission): number | undefined {
    return startedAt !== undefined || this.#settings.timedTally ? this.#settings.clock.now() : undefined
  }
}

function durationOf({ startedAt = 0 }: Admission, now: number | undefined): number {
  return now === undefined ? 0 : now - startedAt
}

function noCounts(): Counts {
  return { success: 0, failure: 0, ignored: 0, slow: 0, rejected: 0, inFlight: 0 }
}
