import { expect, test } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { ReferableClock } from '../test/referable-clock.ts'
import type { Clock } from './clock.ts'
import { Timer } from './timer-heap.ts'
import { TimerQueue, timersOf } from './timer-queue.ts'

class Note extends Timer {
  readonly #expire: () => void
  readonly #holdsProcess: boolean

  constructor(expire: () => void = () => {}, holdsProcess = true) {
    super()
    this.#expire = expire
    this.#holdsProcess = holdsProcess
  }

  override get holdsProcess(): boolean {
    return this.#holdsProcess
  }

  expire(): void {
    this.#expire()
  }
}

test('TimerQueue expires timers of many durations in the order of their time, when one look finds them all', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  const expired: string[] = []
  const add = (name: string, durationMs: number): void => queue.add(new Note(() => expired.push(name)), durationMs)
  add('30', 30)
  add('10', 10)
  clock.block(5)
  add('15', 10)
  add('12', 7)
  add('35', 30)
  clock.block(100)
  clock.advanceNow(0)
  expect(expired).toEqual(['10', '12', '15', '30', '35'])
})

test('TimerQueue moves the clock’s timer when something is due earlier, and not when the earliest goes', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  const slow = new Note()
  const quick = new Note()
  queue.add(slow, 100)
  expect(clock.arms).toBe(1)
  queue.add(quick, 10)
  expect(clock.arms).toBe(2)
  queue.remove(quick)
  expect(clock.arms).toBe(2)
  expect(clock.armed).toBe(1)
  clock.advanceNow(10)
  expect(clock.arms).toBe(3)
  queue.remove(slow)
  expect(clock.armed).toBe(0)
})

test('TimerQueue leaves a timer that can be unreferenced armed between calls, without holding the process', () => {
  const clock = new ReferableClock()
  const queue = new TimerQueue(clock)
  for (let i = 0; i < 10; i += 1) {
    const call = new Note()
    queue.add(call, 100)
    expect(clock.referenced).toBe(1)
    queue.remove(call)
    expect(clock.referenced).toBe(0)
  }
  expect(clock.arms).toBe(1)
  clock.advanceNow(100)
  expect(clock.armed).toBe(0)
})

test('TimerQueue holds the process only for timers that ask for it', () => {
  const clock = new ReferableClock()
  const queue = new TimerQueue(clock)
  const quiet = new Note(undefined, false)
  const call = new Note()
  queue.add(quiet, 50)
  expect(clock.referenced).toBe(0)
  queue.add(call, 100)
  expect(clock.referenced).toBe(1)
  queue.remove(quiet)
  expect(clock.referenced).toBe(1)
  queue.remove(call)
  expect(clock.referenced).toBe(0)
})

test('TimerQueue takes timers that are added and removed while others expire', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  const expired: string[] = []
  const doomed = new Note(() => expired.push('doomed'))
  const added = new Note(() => expired.push(`added at ${clock.now()}`))
  queue.add(
    new Note(() => {
      queue.remove(doomed)
      queue.add(added, 5)
    }),
    10,
  )
  queue.add(doomed, 10)
  clock.advanceNow(100)
  expect(expired).toEqual(['added at 1015'])
  expect(clock.armed).toBe(0)
})

test('TimerQueue rounds a duration up to whole milliseconds, as platforms count them', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  let expiredAt = 0
  const note = new Note(() => {
    expiredAt = clock.now()
  })
  queue.add(note, 10.2)
  clock.advanceNow(100)
  expect(expiredAt).toBe(1_011)
})

test('TimerQueue looks only at what is due, however many durations wait', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  let looks = 0
  const timers = Array.from({ length: 10_000 }, (_, i) => {
    const note = new Note()
    queue.add(note, 1 + i)
    const at = note.expiresAt
    return Object.defineProperty(note, 'expiresAt', {
      get: () => {
        looks += 1
        return at
      },
    })
  })
  looks = 0
  clock.advanceNow(1)
  expect(timers.filter(({ index }) => index === -1)).toHaveLength(1)
  expect(looks).toBeLessThan(100)
})

test('TimerQueue ignores the removal of a timer that is not in it', () => {
  const clock = new ManualClock()
  const queue = new TimerQueue(clock)
  const once = new Note()
  queue.add(once, 10)
  clock.advanceNow(10)
  queue.remove(once)
  queue.remove(new Note())
  queue.add(new Note(), 10)
  expect(clock.armed).toBe(1)
})

test('timersOf gives a clock one queue, and another clock another', () => {
  const clock: Clock = new ManualClock()
  expect(timersOf(clock)).toBe(timersOf(clock))
  expect(timersOf(new ManualClock())).not.toBe(timersOf(clock))
})
