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
export type Machine = { readonly generation: number } & (
  | { readonly name: 'closed' | 'forced-open' | 'disabled' }
  | ({ readonly name: 'open'; readonly openedAt: number; readonly durationMs: number } & Opening)
  | ({ readonly name: 'half-open'; readonly successes: number; readonly probes: readonly Probe[] } & Opening)
)

interface Opening {
  /** Times opened since last closed, from 1. */
  readonly openings: number
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
  /** Total: never throws, always finite and >= 0. */
  readonly openDurationMs: (context: { openings: number; error: unknown }) => number
}

/** The circuit's state machine, a pure function. An event that does not concern the state leaves it as it is. */
export function transition(state: Machine, event: MachineEvent, now: number, rules: Rules): Machine {
  switch (event.type) {
    case 'look':
      return look(state, now, rules)
    case 'trip':
      return state.name === 'closed' ? open(state, 1, event.error, now, rules) : state
    case 'admit':
      return state.name === 'half-open' ? { ...state, probes: [...state.probes, event.probe] } : state
    case 'settle':
      return settle(look(state, now, rules), event.probe, event.verdict, event.error, now, rules)
    case 'reset':
      return { name: 'closed', generation: state.generation + 1 }
    case 'force-open':
      return hold(state, 'forced-open')
    default:
      return hold(state, 'disabled')
  }
}

/** Whether a call is let through, in a state that has just been looked at. */
export function admits(state: Machine, { maxConcurrent }: Rules): boolean {
  if (state.name === 'half-open') return state.probes.length < maxConcurrent
  return state.name === 'closed' || state.name === 'disabled'
}

/** Milliseconds until a call may be let through, 0 where it would be now; a circuit forced open cannot tell. */
export function retryAfterMs(state: Machine, now: number, rules: Rules): number | undefined {
  if (state.name === 'forced-open') return undefined
  if (state.name === 'open') return Math.max(0, state.durationMs - (now - state.openedAt))
  if (state.name !== 'half-open' || admits(state, rules)) return 0
  const [oldest] = state.probes
  return oldest ? Math.max(0, rules.maxDurationMs - (now - oldest.startedAt)) : 0
}

function look(state: Machine, now: number, { maxDurationMs }: Rules): Machine {
  if (state.name === 'open' && now - state.openedAt >= state.durationMs) {
    const { generation, openings, error } = state
    return { name: 'half-open', generation: generation + 1, openings, error, successes: 0, probes: [] }
  }
  if (state.name === 'half-open' && state.probes.some(({ startedAt }) => now - startedAt >= maxDurationMs)) {
    return { ...state, probes: state.probes.filter(({ startedAt }) => now - startedAt < maxDurationMs) }
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
  // A probe that outlived its lease is no longer among them, and decides nothing.
  if (state.name !== 'half-open' || !state.probes.some((held) => held === probe)) return state
  if (verdict === 'failure') return open(state, state.openings + 1, error, now, rules)
  const successes = state.successes + (verdict === 'success' ? 1 : 0)
  if (successes >= rules.successThreshold) return { name: 'closed', generation: state.generation + 1 }
  return { ...state, successes, probes: state.probes.filter((held) => held !== probe) }
}

function open({ generation }: Machine, openings: number, error: unknown, now: number, rules: Rules): Machine {
  const durationMs = rules.openDurationMs({ openings, error })
  return { name: 'open', generation: generation + 1, openedAt: now, durationMs, openings, error }
}

function hold(state: Machine, name: 'forced-open' | 'disabled'): Machine {
  return state.name === name ? state : { name, generation: state.generation + 1 }
}
