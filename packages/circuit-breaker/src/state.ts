/**
 * What a circuit is doing: `closed` lets calls through, `open` rejects them, `half-open` lets a few probes through to
 * find out; `forced-open` and `disabled` stay until `reset()`.
 */
export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'disabled'

/** What an outcome means for the circuit; `ignore` decides and counts nothing. */
export type Verdict = 'success' | 'failure' | 'ignore'

/** One call that was let through. */
export interface Admission {
  readonly generation: number
  /** Unknown where nothing needs it. A probe always has it: its lease runs from there. */
  readonly startedAt: number | undefined
}

/** The generation moves with every change of state, and turns away the results of calls from before it (gobreaker). */
export type Machine = Period & (Resting | Open | HalfOpen)

interface Period {
  readonly generation: number
  /** Times opened since last closed. */
  readonly openings: number
}

interface Resting {
  readonly name: 'closed' | 'forced-open' | 'disabled'
}

interface Open {
  readonly name: 'open'
  readonly openedAt: number
  readonly durationMs: number
  readonly error: unknown
}

interface HalfOpen {
  readonly name: 'half-open'
  readonly successes: number
  /** Those that hold a place, oldest first. Changed in place: a copy would make each cost as much as there are. */
  readonly probes: Set<Admission>
  readonly error: unknown
}

interface Probe extends Admission {
  readonly startedAt: number
}

export type MachineEvent =
  | { readonly type: 'look' }
  | { readonly type: 'trip'; readonly error: unknown }
  | { readonly type: 'admit'; readonly probe: Probe }
  | { readonly type: 'settle'; readonly probe: Admission; readonly verdict: Verdict; readonly error: unknown }
  | { readonly type: 'reset' | 'force-open' | 'disable' }

export interface Rules {
  readonly successThreshold: number
  readonly maxConcurrent: number
  readonly maxDurationMs: number
  /** How long it stays open if nobody says otherwise. */
  readonly openMs: number
}

/** The circuit's state machine: it asks nobody and tells nobody. An event that does not concern the state leaves it as it is. */
export function transition(state: Machine, event: MachineEvent, now: number, rules: Rules): Machine {
  switch (event.type) {
    case 'look':
      return look(state, now, rules)
    case 'trip':
      return state.name === 'closed' ? open(state, event.error, now, rules) : state
    case 'admit':
      if (state.name === 'half-open') state.probes.add(event.probe)
      return state
    case 'settle':
      return settle(state, event.probe, event.verdict, event.error, now, rules)
    case 'reset':
      return close(state)
    case 'force-open':
      return hold(state, 'forced-open')
    default:
      return hold(state, 'disabled')
  }
}

/** Whether the result of a call counts. A probe that outlived its lease has given its place back, seen or not. */
export function isHeld(state: Machine, call: Admission, now: number, rules: Rules): boolean {
  if (call.generation !== state.generation) return false
  return state.name !== 'half-open' || (state.probes.has(call) && now < leaseEnd(call, rules))
}

/** Whether a call is let through, in a state that has just been looked at. */
export function admits(state: Machine, { maxConcurrent }: Rules): boolean {
  if (state.name === 'half-open') return state.probes.size < maxConcurrent
  return state.name === 'closed' || state.name === 'disabled'
}

/** Whole milliseconds until a call may be let through, 0 where it would be now; a circuit forced open cannot tell. */
export function retryAfterMs(state: Machine, now: number, rules: Rules): number | undefined {
  if (state.name === 'forced-open') return undefined
  if (state.name === 'open') return wait(now, state.openedAt + state.durationMs)
  if (state.name !== 'half-open' || admits(state, rules)) return 0
  const [oldest] = state.probes
  return oldest ? wait(now, leaseEnd(oldest, rules)) : 0
}

/** Rounded up, and so that whoever waits exactly that long finds it passed: with fractions, a sum may fall short. */
function wait(now: number, until: number): number {
  const ms = Math.max(0, Math.ceil(until - now))
  return now + ms < until ? ms + 1 : ms
}

function leaseEnd({ startedAt = 0 }: Admission, { maxDurationMs }: Rules): number {
  return startedAt + maxDurationMs
}

function look(state: Machine, now: number, rules: Rules): Machine {
  if (state.name === 'open' && now >= state.openedAt + state.durationMs) {
    const { generation, openings, error } = state
    return { name: 'half-open', generation: generation + 1, openings, error, successes: 0, probes: new Set() }
  }
  if (state.name === 'half-open') {
    for (const probe of state.probes) {
      if (now < leaseEnd(probe, rules)) break
      state.probes.delete(probe)
    }
  }
  return state
}

function settle(
  state: Machine,
  probe: Admission,
  verdict: Verdict,
  error: unknown,
  now: number,
  rules: Rules,
): Machine {
  if (state.name !== 'half-open' || !state.probes.delete(probe)) return state
  if (verdict === 'failure') return open(state, error, now, rules)
  if (verdict === 'ignore') return state
  const successes = state.successes + 1
  return successes >= rules.successThreshold ? close(state) : { ...state, successes }
}

function open(state: Machine, error: unknown, openedAt: number, { openMs }: Rules): Machine {
  const { generation, openings } = state
  return { name: 'open', generation: generation + 1, openings: openings + 1, openedAt, durationMs: openMs, error }
}

function close({ generation }: Machine): Machine {
  return { name: 'closed', generation: generation + 1, openings: 0 }
}

function hold(state: Machine, name: 'forced-open' | 'disabled'): Machine {
  const { generation, openings } = state
  return state.name === name ? state : { name, generation: generation + 1, openings }
}
