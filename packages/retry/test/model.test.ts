import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { RetryPolicy, isTimeoutError } from '@aplomb/retry'
import { ManualClock, countingSignal, passing, settle } from './manual-clock.ts'

interface Step {
  readonly outcome: 'value' | 'passing' | 'final' | 'never'
  readonly afterMs: number
}

interface Schedule {
  readonly steps: Step[]
  readonly maxRetries: number
  readonly initialDelayMs: number
  readonly attemptTimeoutMs: number | undefined
  readonly totalTimeoutMs: number | undefined
  readonly abortAtMs: number | undefined
}

// Steps last whole milliseconds and limits do not, so that no two things happen at the same time and the order is known.
const duration = fc.nat({ max: 40 })
const schedules: fc.Arbitrary<Schedule> = fc.record({
  steps: fc.array(
    fc.record({
      outcome: fc.constantFrom('value', 'passing', 'passing', 'passing', 'final', 'never'),
      afterMs: duration,
    }),
    { minLength: 1, maxLength: 6 },
  ),
  maxRetries: fc.nat({ max: 6 }),
  initialDelayMs: fc.nat({ max: 20 }),
  attemptTimeoutMs: fc.option(
    duration.map((ms) => ms + 0.25),
    { nil: undefined },
  ),
  totalTimeoutMs: fc.option(
    fc.nat({ max: 200 }).map((ms) => ms + 0.125),
    { nil: undefined },
  ),
  abortAtMs: fc.option(
    fc.nat({ max: 200 }).map((ms) => ms + 0.0625),
    { nil: undefined },
  ),
})

interface Observation {
  readonly end: End
  readonly endedAt: number | undefined
  readonly calledAt: number[]
}

type End = 'value' | 'error' | 'abort' | 'attempt' | 'total' | 'pending'

/** What the README says, without a promise, a timer or a signal: a walk along the time line. */
function expected(schedule: Schedule): Observation {
  const { steps, maxRetries, initialDelayMs, attemptTimeoutMs = Infinity, totalTimeoutMs = Infinity } = schedule
  const abortAt = schedule.abortAtMs ?? Infinity
  const calledAt: number[] = []
  for (let now = 0, number = 1; ; number += 1) {
    calledAt.push(now)
    const step = steps[Math.min(number, steps.length) - 1] ?? { outcome: 'never', afterMs: 0 }
    const settlesAt = step.outcome === 'never' ? Infinity : now + step.afterMs
    const endsAt = Math.min(settlesAt, now + attemptTimeoutMs, totalTimeoutMs)
    if (endsAt === Infinity && abortAt === Infinity) return { end: 'pending', endedAt: undefined, calledAt }
    if (abortAt < endsAt) return { end: 'abort', endedAt: abortAt, calledAt }
    if (endsAt === totalTimeoutMs) return { end: 'total', endedAt: endsAt, calledAt }
    if (endsAt === settlesAt && step.outcome === 'value') return { end: 'value', endedAt: endsAt, calledAt }
    const failure = endsAt === settlesAt ? 'error' : 'attempt'
    const delayMs = initialDelayMs * 2 ** (number - 1)
    if (failure === 'error' && step.outcome === 'final') return { end: failure, endedAt: endsAt, calledAt }
    if (number > maxRetries || endsAt + delayMs >= totalTimeoutMs) return { end: failure, endedAt: endsAt, calledAt }
    now = endsAt + delayMs
    if (abortAt < now) return { end: 'abort', endedAt: abortAt, calledAt }
  }
}

async function observe(
  { steps, maxRetries, initialDelayMs, attemptTimeoutMs, totalTimeoutMs, abortAtMs }: Schedule,
  move: (clock: ManualClock) => Promise<void>,
): Promise<Observation> {
  const clock = new ManualClock()
  const { controller, listeners } = countingSignal()
  const reason = { why: 'abort' }
  const calledAt: number[] = []
  const thrown: unknown[] = []
  let end: End = 'pending'
  let endedAt: number | undefined
  let callsAtEnd = 0
  let left = { timers: 0, listeners: 0 }
  // The schedule's own timers, which are no business of the policy's.
  let scheduled = 0
  const later = (fn: () => void, ms: number): void => {
    scheduled += 1
    clock.setTimeout(() => {
      scheduled -= 1
      fn()
    }, ms)
  }

  const policy = new RetryPolicy({
    clock,
    jitter: 'none',
    maxRetries,
    initialDelayMs,
    attemptTimeoutMs,
    totalTimeoutMs,
  })
  const call = policy.execute(
    ({ attempt, signal }) => {
      if (attempt % 2 === 0) signal.throwIfAborted()
      calledAt.push(clock.now())
      const { outcome, afterMs } = steps[Math.min(attempt, steps.length) - 1] ?? { outcome: 'never', afterMs: 0 }
      if (outcome === 'never') return new Promise<string>(() => {})
      const error = outcome === 'passing' ? passing() : new Error('final')
      thrown.push(error)
      if (afterMs === 0 && outcome !== 'value') throw error
      return new Promise<string>((resolve, reject) => {
        const settleNow = (): void => (outcome === 'value' ? resolve('value') : reject(error))
        if (afterMs === 0) settleNow()
        else later(settleNow, afterMs)
      })
    },
    { signal: controller.signal },
  )
  const watch = async (): Promise<void> => {
    try {
      expect(await call).toBe('value')
      end = 'value'
    } catch (error) {
      if (error === reason) end = 'abort'
      else if (isTimeoutError(error)) end = error.scope
      else {
        expect(error, 'the error is the one that the last attempt threw').toBe(thrown.at(-1))
        end = 'error'
      }
    }
    callsAtEnd = calledAt.length
    endedAt = clock.now()
    left = { timers: clock.pending - scheduled, listeners: listeners() }
  }
  const ended = watch()
  if (abortAtMs !== undefined) later(() => controller.abort(reason), abortAtMs)

  await move(clock)
  await settle()
  if (end !== 'pending') {
    await ended
    expect(calledAt.length, 'no call after the end').toBe(callsAtEnd)
    expect(left, 'no timer and no listener is left').toEqual({ timers: 0, listeners: 0 })
    expect([clock.pending, listeners()], 'nor comes later').toEqual([0, 0])
  }
  return { end, endedAt, calledAt }
}

test('RetryPolicy calls and ends as the model does, on every schedule', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      expect(await observe(schedule, (clock) => clock.advance(10_000))).toEqual(expected(schedule))
    }),
    { numRuns: 400 },
  )
}, 20_000)

// oxlint-disable-next-line vitest/expect-expect -- `observe` asserts, on every schedule
test('RetryPolicy never calls after its end, leaves no timer and no listener, and keeps errors and reasons, whatever the steps of the clock', async () => {
  const steps = fc.array(fc.record({ stall: fc.boolean(), ms: fc.nat({ max: 60 }) }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(schedules, steps, async (schedule, moves) => {
      await observe(schedule, async (clock) => {
        for (const { stall, ms } of moves) {
          if (stall) clock.stall(ms)
          // oxlint-disable-next-line no-await-in-loop -- steps of time come one after the other
          else await clock.advance(ms)
        }
        await clock.advance(10_000)
      })
    }),
    { numRuns: 300 },
  )
}, 20_000)
