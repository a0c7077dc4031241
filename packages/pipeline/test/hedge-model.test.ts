import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hedge } from '@aplomb/pipeline'
import { ManualClock } from './manual-clock.ts'

interface Plan {
  readonly ms: number
  readonly ok: boolean
}

interface Outcome {
  readonly result: string
  readonly at: number
  /** When each call started. */
  readonly starts: readonly number[]
  /** The calls that were running at the end. */
  readonly aborted: readonly number[]
}

/** The hedge as one would write it down: a list of events, of which the earliest is looked for again and again. */
function naiveHedge(plans: readonly Plan[], delayMs: number): Outcome {
  const starts = [0]
  const failed = new Map<number, number>()
  for (;;) {
    const ends = starts.map((start, id) => (failed.has(id) ? Infinity : start + (plans[id]?.ms ?? Infinity)))
    const end = Math.min(...ends)
    const due = starts.length < plans.length ? (starts.at(-1) ?? 0) + delayMs : Infinity
    if (due < end) {
      starts.push(due)
      continue
    }
    const id = ends.indexOf(end)
    const running = [...starts.keys()].filter((each) => each !== id && !failed.has(each))
    if (plans[id]?.ok === true) return { result: `value ${id}`, at: end, starts, aborted: running }
    failed.set(id, end)
    if (starts.length < plans.length) starts.push(end)
    else if (running.length === 0) return { result: `error ${[...failed.keys()][0]}`, at: end, starts, aborted: [] }
  }
}

async function realHedge(plans: readonly Plan[], delayMs: number): Promise<Outcome> {
  const clock = new ManualClock()
  const starts: number[] = []
  const signals: AbortSignal[] = []
  const settled = new Set<number>()
  let ended: { readonly result: string; readonly at: number } | undefined
  hedge({ delayMs, maxHedges: plans.length - 1, clock })
    .execute(({ signal }) => {
      const id = starts.push(clock.now()) - 1
      signals.push(signal)
      return new Promise<string>((resolve, reject) => {
        clock.setTimeout(() => {
          settled.add(id)
          if (plans[id]?.ok === true) resolve(`value ${id}`)
          else reject(new Error(`error ${id}`))
        }, plans[id]?.ms ?? 0)
      })
    })
    .then(
      (result) => (ended = { result, at: clock.now() }),
      (error: Error) => (ended = { result: error.message, at: clock.now() }),
    )
    .catch(() => {})
  await clock.advance(10_000)
  if (ended === undefined) return expect.fail('the hedge did not settle')
  return { ...ended, starts, aborted: [...signals.keys()].filter((id) => signals[id]?.aborted) }
}

test('hedge does what the naive model does for random latencies, failures and numbers of hedges', async () => {
  // Thousandths of its own for each call keep events from falling together, where either order is right.
  const plan = fc.record({ ms: fc.integer({ min: 1, max: 60 }), ok: fc.boolean() })
  const plans = fc
    .array(plan, { minLength: 2, maxLength: 5 })
    .map((all) => all.map(({ ms, ok }, id) => ({ ms: ms + 2 ** id / 1024, ok })))
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 30 }), async (each, delayMs) => {
      expect(await realHedge(each, delayMs)).toEqual(naiveHedge(each, delayMs))
    }),
    { numRuns: 150 },
  )
})
