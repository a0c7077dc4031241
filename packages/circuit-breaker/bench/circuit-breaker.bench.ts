import { createRequire } from 'node:module'
import { CircuitBreaker } from '@aplomb/circuit-breaker'
import { circuitBreaker, ConsecutiveBreaker, handleAll, SamplingBreaker } from 'cockatiel'
import Opossum from 'opossum'
import { type Candidate, sideBySide } from '../../../scripts/side-by-side.ts'
import { scoreboard } from './scoreboard.ts'

const require = createRequire(import.meta.url)
const versionOf = (name: string): string =>
  `${name} ${(require(`${name}/package.json`) as { version: string }).version}`
console.log([`node ${process.version}`, versionOf('cockatiel'), versionOf('opossum')].join(' · '))

const call = async (): Promise<number> => 42
const failing = async (): Promise<never> => {
  throw new Error('broken')
}

const inSequence =
  (run: () => Promise<unknown>): Candidate =>
  async (times) => {
    for (let count = 0; count < times; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
      await run()
    }
  }
const rejections = (run: () => Promise<unknown>): Candidate =>
  inSequence(async () => {
    try {
      await run()
    } catch {}
  })
const inFlight =
  (run: () => Promise<unknown>): Candidate =>
  async (times) => {
    for (let left = times; left > 0; left -= 10_000) {
      // oxlint-disable-next-line no-await-in-loop -- 10,000 at a time are what is measured
      await Promise.all(Array.from({ length: Math.min(left, 10_000) }, run))
    }
  }

const consecutive = new CircuitBreaker()
const windowed = new CircuitBreaker({ window: { type: 'time', durationMs: 10_000 } })
const cockatiel = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) })
const sampling = circuitBreaker(handleAll, {
  halfOpenAfter: 30_000,
  breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
})
const opossum = new Opossum(call, { timeout: false })

await sideBySide({
  title: 'success, consecutive failures counted (opossum: its only window)',
  candidates: {
    'await fn()': inSequence(call),
    ours: inSequence(() => consecutive.execute(call)),
    cockatiel: inSequence(() => cockatiel.execute(call)),
    opossum: inSequence(() => opossum.fire()),
  },
})

await sideBySide({
  title: 'success, time window of 10 s',
  candidates: {
    'await fn()': inSequence(call),
    ours: inSequence(() => windowed.execute(call)),
    cockatiel: inSequence(() => sampling.execute(call)),
    opossum: inSequence(() => opossum.fire()),
  },
})

await sideBySide({
  title: '10,000 in flight, per call',
  candidates: {
    'fn()': inFlight(call),
    ours: inFlight(() => consecutive.execute(call)),
    cockatiel: inFlight(() => cockatiel.execute(call)),
    opossum: inFlight(() => opossum.fire()),
  },
})

const opened = new CircuitBreaker({ failureThreshold: 1, openDurationMs: 3_600_000 })
const openedTraced = new CircuitBreaker({ failureThreshold: 1, openDurationMs: 3_600_000, stackTraces: true })
const openedCockatiel = circuitBreaker(handleAll, { halfOpenAfter: 3_600_000, breaker: new ConsecutiveBreaker(1) })
const openedOpossum = new Opossum(failing, { errorThresholdPercentage: 1, resetTimeout: 3_600_000, timeout: false })
await Promise.allSettled([
  opened.execute(failing),
  openedTraced.execute(failing),
  openedCockatiel.execute(failing),
  openedOpossum.fire(),
])

await sideBySide({
  title: 'rejected while open',
  candidates: {
    'await fn()': inSequence(call),
    ours: rejections(() => opened.execute(call)),
    'ours, stackTraces': rejections(() => openedTraced.execute(call)),
    cockatiel: rejections(() => openedCockatiel.execute(call)),
    opossum: rejections(() => openedOpossum.fire()),
  },
})

await scoreboard()
opossum.shutdown()
openedOpossum.shutdown()
