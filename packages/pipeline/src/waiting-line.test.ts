/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { WaitingLine, type Place } from './waiting-line.ts'

test('WaitingLine lets everybody out on time, in order of due time and then of arrival, with one timer at most', async () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('join' as const), waitMs: fc.oneof(fc.nat(30), fc.constant(Infinity)) }),
    fc.record({ type: fc.constant('leave' as const), index: fc.nat(20) }),
    fc.record({ type: fc.constant('shift' as const) }),
    fc.record({ type: fc.constant('advance' as const), ms: fc.nat(15) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = new ManualClock()
      const due: string[] = []
      const line = new WaitingLine<number>(clock, (id) => due.push(`${id}@${clock.now()}`))
      let model: { readonly id: number; readonly dueAt: number; readonly place: Place<number> }[] = []
      const expectedDue: string[] = []
      let id = 0
      for (const each of steps) {
        if (each.type === 'join') {
          id += 1
          model.push({ id, dueAt: clock.now() + each.waitMs, place: line.join(id, each.waitMs) })
          // Stable: equal ones keep the order of their arrival.
          model.sort((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt - b.dueAt))
        } else if (each.type === 'leave') {
          for (const { place } of model.splice(each.index, 1)) line.leave(place)
        } else if (each.type === 'shift') {
          expect(line.shift()).toBe(model.shift()?.id)
        } else {
          const until = clock.now() + each.ms
          const overdue = model.filter(({ dueAt }) => dueAt <= until)
          model = model.filter(({ dueAt }) => dueAt > until)
          await clock.advance(each.ms)
          expectedDue.push(...overdue.map(({ id: gone, dueAt }) => `${gone}@${dueAt}`))
        }
        expect(line.size).toBe(model.length)
        expect(clock.pending).toBeLessThanOrEqual(1)
        if (model.length === 0) expect(clock.pending).toBe(0)
      }
      // A wait of 0 ms comes due at the next turn of the clock, even if the clock then stands still.
      expect(due).toEqual(expectedDue)
    }),
    { numRuns: 100 },
  )
})

test('WaitingLine takes one in and out with a few comparisons where ten thousand wait who come due later', () => {
  const line = new WaitingLine<number>(new ManualClock(), () => {})
  let reads = 0
  for (let id = 0; id < 10_000; id += 1) {
    const place = line.join(id, 60_000)
    const { dueAt } = place
    Object.defineProperty(place, 'dueAt', {
      get: () => {
        reads += 1
        return dueAt
      },
    })
  }
  reads = 0
  line.leave(line.join(-1, 10))
  expect(reads).toBeLessThan(200)
})
