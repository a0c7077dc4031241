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
  #machine: Machine = { name: 'closed', generation: 0 }
  #tally: Tally
  #counts: Counts = noCounts()
  /** The last counted failure since it was last closed, in a box, for anything may be thrown. */
  #lastFailure: { readonly error: unknown } | undefined
  /** Whether calls are timed from their start. */
  #timed: boolean

  constructor(options: CircuitBreakerOptions = {}) {
    const settings = resolveOptions(options)
    this.name = settings.name
    this.#settings = settings
    this.#events = new Emitter(settings.report)
    this.#tally = settings.createTally()
    this.#timed = this.#needsStart()
  }

  /** What the next call would meet, now. */
  get state(): CircuitState {
    return this.#look().name
  }

  /**
   * Calls `fn` if the circuit lets it through, and judges the call when it settles. Never throws synchronously.
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
    const signal = options?.signal
    if (signal?.aborted) return rejected(() => signal.reason)
    const admission = this.#admit()
    if ('refuse' in admission) return rejected(admission.refuse)
    let result: T | PromiseLike<T>
    try {
      result = fn(new LazyContext(signal))
    } catch (error) {
      this.#judgeError(admission, error, signal)
      return rejected(() => error)
    }
    return Promise.resolve(result).then(
      (value) => {
        this.#judgeValue(admission, value)
        return value
      },
      (error: unknown) => {
        this.#judgeError(admission, error, signal)
        throw error
      },
    )
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
    if ('refuse' in admission) throw admission.refuse()
    return createPermit((verdict, error) => this.#settle(admission, verdict, error, this.#endOf(admission)))
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
    const off = this.#events.on(event, listener, options?.signal)
    this.#timed = this.#needsStart()
    return off
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

  #admit(): Admission | { readonly refuse: () => unknown } {
    const { clock } = this.#settings
    if (this.#machine.name === 'closed') {
      this.#counts.inFlight += 1
      return { generation: this.#machine.generation, startedAt: this.#timed ? clock.now() : undefined }
    }
    const now = clock.now()
    const machine = this.#look(now)
    if (!admits(machine, this.#settings)) return this.#refuse(machine, now)
    this.#counts.inFlight += 1
    const probe = { generation: machine.generation, startedAt: now }
    this.#advance({ type: 'admit', probe }, now)
    return probe
  }

  #refuse(machine: Machine, now: number): { readonly refuse: () => unknown } {
    const { name } = this
    const { stackTraces } = this.#settings
    const wait = retryAfterMs(machine, now, this.#settings)
    this.#counts.rejected += 1
    if (this.#events.has('rejected')) this.#events.emit('rejected', { circuit: name, retryAfterMs: wait })
    const make = (): Error => new CircuitOpenError(name, wait, 'error' in machine ? machine.error : undefined)
    return { refuse: stackTraces ? make : () => withoutStack(make) }
  }

  #judgeValue(admission: Admission, value: unknown): void {
    const { classify } = this.#settings
    const now = this.#endOf(admission)
    if (classify === undefined) this.#settle(admission, 'success', undefined, now)
    else this.#judge(admission, { ok: true, value, durationMs: durationOf(admission, now) }, classify, now)
  }

  #judgeError(admission: Admission, error: unknown, signal: AbortSignal | undefined): void {
    const { classify } = this.#settings
    const now = this.#endOf(admission)
    if (signal?.aborted) this.#settle(admission, 'ignore', error, now)
    else if (classify === undefined) this.#settle(admission, verdictOnError(error), error, now)
    else this.#judge(admission, { ok: false, error, durationMs: durationOf(admission, now) }, classify, now)
  }

  #judge(
    admission: Admission,
    outcome: Outcome,
    classify: (outcome: Outcome) => Verdict,
    now: number | undefined,
  ): void {
    let verdict: Verdict = 'failure'
    let error: unknown = outcome.ok ? undefined : outcome.error
    try {
      const answer = classify(outcome)
      if (answer !== 'success' && answer !== 'failure' && answer !== 'ignore') {
        throw new TypeError(`classify must return 'success', 'failure' or 'ignore', received ${String(answer)}`)
      }
      verdict = answer
    } catch (fault) {
      if (outcome.ok) error = fault
      this.#settings.report(fault)
    }
    this.#settle(admission, verdict, error, now)
  }

  /** The only place where a result changes anything. `now` is known if the call was timed or the tally asks for it. */
  #settle(admission: Admission, verdict: Verdict, error: unknown, now: number | undefined): void {
    const machine = this.#machine
    if (admission.generation !== machine.generation) return
    if (machine.name === 'half-open') {
      const lookedAt = this.#look(now)
      if (!('probes' in lookedAt && lookedAt.probes.some((probe) => probe === admission))) return
    }
    const failed = verdict === 'failure'
    const counts = this.#counts
    const durationMs = durationOf(admission, now)
    const slow = verdict !== 'ignore' && durationMs > this.#settings.slowCallMs
    counts.inFlight -= 1
    counts[verdict === 'ignore' ? 'ignored' : verdict] += 1
    if (slow) counts.slow += 1
    if (failed) this.#lastFailure = { error }
    if (machine.name === 'half-open') this.#advance({ type: 'settle', probe: admission, verdict, error }, now)
    else if (machine.name === 'closed' && verdict !== 'ignore' && this.#tally.record(failed, slow, now ?? 0)) {
      this.#advance({ type: 'trip', error: this.#lastFailure?.error }, now)
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
    const from = this.#machine
    const to = transition(from, event, now, this.#settings)
    this.#machine = to
    if (from.name === 'half-open' && event.type === 'look' && 'probes' in to) this.#counts.inFlight = to.probes.length
    if (from.generation === to.generation) return
    this.#counts = noCounts()
    if (to.name === 'closed') {
      this.#tally = this.#settings.createTally()
      this.#lastFailure = undefined
    }
    if (from.name === to.name || !this.#events.has('stateChange')) return
    const snapshot = this.#snapshotAt(now)
    this.#events.emit('stateChange', { circuit: this.name, from: from.name, to: to.name, at: now, snapshot })
  }

  #snapshotAt(now: number): CircuitSnapshot {
    const machine = this.#machine
    const { success, failure, slow } = this.#counts
    const totals =
      machine.name === 'closed' ? this.#tally.totals(now) : { calls: success + failure, failures: failure, slow }
    const calls = totals.calls || 1
    return {
      name: this.name,
      state: machine.name,
      counts: { ...this.#counts },
      failureRate: totals.failures / calls,
      slowCallRate: totals.slow / calls,
      retryAfterMs: retryAfterMs(machine, now, this.#settings),
      openings: 'openings' in machine ? machine.openings : 0,
      ...(this.#lastFailure && { lastError: messageOf(this.#lastFailure.error) }),
    }
  }

  #needsStart(): boolean {
    const { slowCallMs, classify } = this.#settings
    return slowCallMs !== Infinity || classify !== undefined || this.#events.hasOutcome()
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
