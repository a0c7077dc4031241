import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Timer } from '../src/timer-heap.ts'
import { TimerQueue } from '../src/timer-queue.ts'
import { ManualClock } from './manual-clock.ts'

class Note extends Timer {
  readonly #expire: () => void

  constructor(expire: () => void) {
    super()
    this.#expire = expire
  }

  expire(): void {
    this.#expire()
  }
}

/** The reference: every timer in one array, sorted by its time whenever somebody looks. */
class SortedTimers {
  #timers: { readonly id: number; readonly at: number }[] = []

  get size(): number {
    return this.#timers.length
  }

  add(id: number, at: number): void {
    this.#timers.push({ id, at })
  }

  remove(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id)
  }

  /** The times and names of what has expired by `now`, in order; those of one time in the order of their names. */
  takeExpired(now: number): [at: number, id: number][] {
    const expired = this.#timers.filter(({ at }) => at <= now)
    this.#timers = this.#timers.filter(({ at }) => at > now)
    return inOrder(expired.map(({ at, id }) => [at, id]))
  }
}

function inOrder(expired: [at: number, id: number][]): [at: number, id: number][] {
  return expired.toSorted(([at, id], [otherAt, otherId]) => at - otherAt || id - otherId)
}

const durationMs = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(5, 10, 100) },
  { weight: 2, arbitrary: fc.nat(200) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 + 7) },
)

const step = fc.oneof(
  { weight: 5, arbitrary: durationMs.map((ms) => ({ do: 'add' as const, ms })) },
  { weight: 3, arbitrary: fc.nat(30).map((nth) => ({ do: 'remove' as const, nth })) },
  { weight: 3, arbitrary: fc.nat(60).map((ms) => ({ do: 'advance' as const, ms })) },
  { weight: 1, arbitrary: fc.nat(300).map((ms) => ({ do: 'block' as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ do: 'advance' as const, ms: 2 ** 31 }) },
)

test('TimerQueue expires what a sorted array would, at the same times, with at most one timer of the clock', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const clock = new ManualClock()
      const queue = new TimerQueue(clock)
      const model = new SortedTimers()
      const notes: Note[] = []
      let expired: { id: number; at: number; firedAt: number }[] = []

      for (const next of steps) {
        if (next.do === 'add') {
          const id = notes.length
          const at = clock.now() + next.ms
          const note = new Note(() => expired.push({ id, at, firedAt: clock.now() }))
          notes.push(note)
          queue.add(note, next.ms)
          model.add(id, at)
          clock.advanceNow(0)
        } else if (next.do === 'remove') {
          const id = notes.length - 1 - next.nth
          const note = notes[id]
          if (note !== undefined) queue.remove(note)
          model.remove(id)
        } else if (next.do === 'advance') {
          clock.advanceNow(next.ms)
          expect(expired.filter(({ at, firedAt }) => at !== firedAt)).toEqual([])
        } else {
          clock.block(next.ms)
          clock.advanceNow(0)
        }
        const times = expired.map(({ at }) => at)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(inOrder(expired.map(({ at, id }) => [at, id]))).toEqual(model.takeExpired(clock.now()))
        expired = []
        expect(clock.armed).toBe(model.size === 0 ? 0 : 1)
      }
    }),
    { numRuns: 500 },
  )
})
