import { readFileSync } from 'node:fs'
import { timeout as cockatielTimeout, TimeoutStrategy } from 'cockatiel'
import pTimeout from 'p-timeout'
import { TimeoutPolicy, withTimeout } from '@aplomb/timeout'
import { sideBySide } from '../../../scripts/side-by-side.ts'

const timeoutMs = 5_000
const policy = new TimeoutPolicy({ timeoutMs })
const cooperative = cockatielTimeout(timeoutMs, TimeoutStrategy.Cooperative)
const aggressive = cockatielTimeout(timeoutMs, TimeoutStrategy.Aggressive)
const caller = new AbortController()

// oxlint-disable-next-line eslint/require-await -- the measure of everything is a bare async function
async function fn(): Promise<number> {
  return 1
}

function oneByOne(call: () => PromiseLike<unknown>) {
  return async (times: number): Promise<void> => {
    // oxlint-disable-next-line eslint/no-await-in-loop -- one by one is what is measured
    for (let i = 0; i < times; i += 1) await call()
  }
}

/** One operation is 10,000 calls that are all in flight at once and then succeed together. */
function inFlight(call: (fn: () => Promise<unknown>) => PromiseLike<unknown>) {
  return async (times: number): Promise<void> => {
    for (let batch = 0; batch < times; batch += 1) {
      const gate = new EventTarget()
      const opened = new Promise((resolve) => {
        gate.addEventListener('open', resolve)
      })
      const calls = Array.from({ length: 10_000 }, () => call(async () => await opened))
      gate.dispatchEvent(new Event('open'))
      // oxlint-disable-next-line eslint/no-await-in-loop -- batch by batch
      await Promise.all(calls)
    }
  }
}

const version = (peer: string): string =>
  JSON.parse(readFileSync(new URL(`../node_modules/${peer}/package.json`, import.meta.url), 'utf8')).version
console.log(`Node ${process.version}, cockatiel ${version('cockatiel')}, p-timeout ${version('p-timeout')}`)

await sideBySide({
  title: 'a call that succeeds at once, one by one',
  candidates: {
    'await fn()': oneByOne(fn),
    'aplomb TimeoutPolicy': oneByOne(() => policy.execute(fn)),
    'aplomb withTimeout': oneByOne(() => withTimeout(fn, { timeoutMs })),
    'aplomb, the signal read': oneByOne(() => policy.execute(({ signal }) => (signal.aborted ? 0 : fn()))),
    'aplomb, with a caller’s signal': oneByOne(() => policy.execute(fn, { signal: caller.signal })),
    'p-timeout': oneByOne(() => pTimeout(fn(), { milliseconds: timeoutMs })),
    'p-timeout, message: false': oneByOne(() => pTimeout(fn(), { milliseconds: timeoutMs, message: false })),
    'cockatiel, cooperative': oneByOne(() => cooperative.execute(fn)),
    'cockatiel, aggressive': oneByOne(() => aggressive.execute(fn)),
    'AbortSignal.timeout alone': oneByOne(() => {
      AbortSignal.timeout(timeoutMs)
      return fn()
    }),
  },
})

await sideBySide({
  title: '10,000 calls in flight (times are for all of them)',
  candidates: {
    'await fn()': inFlight((run) => run()),
    'aplomb TimeoutPolicy': inFlight((run) => policy.execute(run)),
    'p-timeout': inFlight((run) => pTimeout(run(), { milliseconds: timeoutMs })),
    'p-timeout, message: false': inFlight((run) => pTimeout(run(), { milliseconds: timeoutMs, message: false })),
    'cockatiel, cooperative': inFlight((run) => cooperative.execute(run)),
    'cockatiel, aggressive': inFlight((run) => aggressive.execute(run)),
  },
})
