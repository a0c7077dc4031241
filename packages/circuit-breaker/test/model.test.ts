import { CircuitBreaker, type CircuitState, type Permit } from '@aplomb/circuit-breaker'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock } from './manual-clock.ts'

const FAILURES = 2
const OPEN_MS = 100
const LEASE_MS = 70

interface Call {
  readonly period: number
  readonly startedAt: number
  readonly probe: boolean
  settled: boolean
}

/** The contract, told as plainly as possible: it keeps every call for ever and works everything out from the list. */
class NaiveCircuit {
  state: CircuitState = 'closed'
  calls: Call[] = []
  period = 0
  row = 0
  wins = 0
  openedAt = 0
  openings = 0
  readonly places: number
  readonly successes: number

  constructor(places: number, successes: number) {
    this.places = places
    this.successes = successes
  }

  become(state: CircuitState): void {
    this.state = state
    this.period += 1
    this.row = 0
    this.wins = 0
  }

  look(now: number): void {
    if (this.state === 'open' && now - this.openedAt >= OPEN_MS) this.become('half-open')
  }

  open(now: number): void {
    this.become('open')
    this.openedAt = now
    this.openings += 1
  }

  live(now: number): Call[] {
    return this.calls.filter(
      (call) => call.period === this.period && !call.settled && (!call.probe || now - call.startedAt < LEASE_MS),
    )
  }

  admit(now: number): Call | undefined {
    this.look(now)
    const probe = this.state === 'half-open'
    if (this.state === 'open' || this.state === 'forced-open') return undefined
    if (probe && this.live(now).length >= this.places) return undefined
    const call = { period: this.period, startedAt: now, probe, settled: false }
    this.calls.push(call)
    return call
  }

  settle(call: Call, verdict: 'success' | 'failure' | 'ignore', now: number): void {
    const live = this.live(now).includes(call)
    call.settled = true
    if (!live || verdict === 'ignore') return
    if (this.state === 'closed') {
      this.row = verdict === 'failure' ? this.row + 1 : 0
      if (this.row >= FAILURES) this.open(now)
    } else if (this.state === 'half-open') {
      if (verdict === 'failure') return this.open(now)
      this.wins += 1
      if (this.wins >= this.successes) this.close()
    }
  }

  close(): void {
    this.become('closed')
    this.openings = 0
  }

  force(state: 'forced-open' | 'disabled'): void {
    if (this.state !== state) this.become(state)
  }
}

const step = fc.oneof(
  { weight: 16, arbitrary: fc.record({ type: fc.constant('call' as const) }) },
  {
    weight: 16,
    arbitrary: fc.record({
      type: fc.constant('settle' as const),
      which: fc.nat({ max: 5 }),
      verdict: fc.constantFrom('success' as const, 'failure' as const, 'failure' as const, 'ignore' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 69, 70, 99, 100) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('forceOpen' as const, 'disable' as const, 'reset' as const) }),
  },
)

test('CircuitBreaker agrees with the naive model over random interleavings', () => {
  const visited = new Set<CircuitState>()
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { minLength: 60, maxLength: 120 }),
      (places, successes, steps) => {
        const clock = new ManualClock()
        const breaker = new CircuitBreaker({
          clock,
          failureThreshold: FAILURES,
          openDurationMs: OPEN_MS,
          successThreshold: successes,
          halfOpen: { maxConcurrent: places, maxDurationMs: LEASE_MS },
        })
        const model = new NaiveCircuit(places, successes)
        const open: { permit: Permit; call: Call }[] = []
        const apply = (next: (typeof steps)[number]): void => {
          const now = clock.now()
          if (next.type === 'wait') clock.advance(next.ms)
          else if (next.type === 'call') {
            const call = model.admit(now)
            if (call) open.push({ call, permit: breaker.acquire() })
            else expect(() => breaker.acquire()).toThrow('is open')
          } else if (next.type === 'settle') {
            // Settled calls stay in the list: a second word must change nothing, and many never settle.
            const held = open.at(-1 - next.which)
            if (!held) return
            held.permit[next.verdict]()
            if (!held.call.settled) model.settle(held.call, next.verdict, now)
          } else {
            breaker[next.type]()
            if (next.type === 'reset') model.close()
            else model.force(next.type === 'disable' ? 'disabled' : 'forced-open')
          }
        }
        for (const next of steps) {
          apply(next)
          model.look(clock.now())
          const { state, openings, counts, retryAfterMs = 0 } = breaker.snapshot()
          expect({ state, openings, inFlight: counts.inFlight }).toEqual({
            state: model.state,
            openings: model.openings,
            inFlight: model.live(clock.now()).length,
          })
          expect(retryAfterMs >= 0 && retryAfterMs < Infinity).toBe(true)
          visited.add(state)
        }
      },
    ),
    { numRuns: 400 },
  )
  expect([...visited].sort()).toEqual(['closed', 'disabled', 'forced-open', 'half-open', 'open'])
})
