import { CircuitBreaker } from '@aplomb/circuit-breaker'
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel'
import Opossum from 'opossum'

const OPEN_MS = 20

/** The least that the three have in common: a circuit that opens at the first failure, for `OPEN_MS`. */
interface Circuit {
  run<T>(fn: () => Promise<T>): Promise<T>
  isClosed(): boolean
  onSuccess(listener: () => void): void
}

const make: Readonly<Record<string, () => Circuit>> = {
  ours: () => {
    const breaker = new CircuitBreaker({ failureThreshold: 1, openDurationMs: OPEN_MS, onListenerError: () => {} })
    return {
      run: (fn) => breaker.execute(fn),
      isClosed: () => breaker.state === 'closed',
      onSuccess: (listener) => void breaker.on('success', listener),
    }
  },
  cockatiel: () => {
    const breaker = circuitBreaker(handleAll, { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(1) })
    return {
      run: (fn) => breaker.execute(fn),
      isClosed: () => breaker.state === CircuitState.Closed,
      onSuccess: (listener) => void breaker.onSuccess(listener),
    }
  },
  opossum: () => {
    const breaker = new Opossum((fn: () => Promise<unknown>) => fn(), {
      errorThresholdPercentage: 1,
      resetTimeout: OPEN_MS,
      timeout: false,
    })
    return {
      run: <T>(fn: () => Promise<T>) => breaker.fire(fn) as Promise<T>,
      isClosed: () => breaker.closed,
      onSuccess: (listener) => void breaker.on('success', listener),
    }
  },
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const failure = (): Promise<never> => Promise.reject(new Error('broken'))
const quietly = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => undefined)

function held(): { call: () => Promise<void>; succeed: () => void; fail: () => void } {
  let [succeed, fail] = [() => {}, () => {}]
  const promise = new Promise<void>((resolve, reject) => {
    succeed = resolve
    fail = () => reject(new Error('late'))
  })
  return { call: () => promise, succeed, fail }
}

async function open(circuit: Circuit): Promise<void> {
  await quietly(circuit.run(failure))
  await pause(OPEN_MS + 10)
}

/** Each is true where the circuit behaves as the contract asks. */
const questions: Readonly<Record<string, (circuit: Circuit) => Promise<boolean>>> = {
  'a late failure does not re-open a new period': async (circuit) => {
    const late = held()
    const call = circuit.run(late.call)
    await open(circuit)
    await quietly(circuit.run(() => Promise.resolve()))
    late.fail()
    await quietly(call)
    return circuit.isClosed()
  },
  'a late success does not close a new period': async (circuit) => {
    const late = held()
    const call = circuit.run(late.call)
    await open(circuit)
    const probe = held()
    const first = circuit.run(probe.call)
    late.succeed()
    await quietly(call)
    const answer = !circuit.isClosed()
    probe.succeed()
    await first
    return answer
  },
  '500 callers do not stampede when the probe succeeds': async (circuit) => {
    await open(circuit)
    const probe = held()
    const first = circuit.run(probe.call)
    let started = 0
    const calls = Array.from({ length: 500 }, () =>
      quietly(
        circuit.run(() => {
          started += 1
          return Promise.resolve()
        }),
      ),
    )
    await pause(1)
    probe.succeed()
    await Promise.all([first, ...calls])
    return started === 0
  },
  'a throwing success listener changes no result': async (circuit) => {
    circuit.onSuccess(() => {
      throw new Error('listener')
    })
    let calls = 0
    const result = await quietly(
      circuit.run(() => {
        calls += 1
        return Promise.resolve('fine')
      }),
    )
    return result === 'fine' && calls === 1
  },
}

/** Prints what each library does where they differ, seen in this run. */
export async function scoreboard(): Promise<void> {
  const names = Object.keys(make)
  console.log(`\n${'as the contract asks?'.padEnd(54)}${names.map((name) => name.padEnd(11)).join('')}`)
  for (const [question, ask] of Object.entries(questions)) {
    // oxlint-disable-next-line no-await-in-loop -- one question at a time
    const answers = await Promise.all(Object.values(make).map((create) => ask(create())))
    console.log(`${question.padEnd(54)}${answers.map((yes) => (yes ? 'yes' : 'no').padEnd(11)).join('')}`)
  }
}
