import { expect, test } from 'vitest'
import { ManualClock } from '../test/manual-clock.ts'
import { Deadline } from './deadline.ts'
import { TimeoutError } from './timeout-error.ts'

test('Deadline.after knows what is left, and that it is never less than nothing', () => {
  const clock = new ManualClock()
  const deadline = Deadline.after(100, clock)
  expect(deadline.remainingMs).toBe(100)
  clock.advanceNow(60)
  expect(deadline.remainingMs).toBe(40)
  expect(deadline.expired).toBe(false)
  clock.advanceNow(40)
  expect(deadline.remainingMs).toBe(0)
  expect(deadline.expired).toBe(true)
  clock.advanceNow(1_000)
  expect(deadline.remainingMs).toBe(0)
})

test('Deadline.signal is aborted with a TimeoutError when the deadline is reached', () => {
  const clock = new ManualClock()
  const deadline = Deadline.after(100, clock)
  expect(clock.arms).toBe(0)
  clock.advanceNow(60)
  const { signal } = deadline
  expect(deadline.signal).toBe(signal)
  clock.advanceNow(39)
  expect(signal.aborted).toBe(false)
  clock.advanceNow(1)
  expect(signal.reason).toEqual(new TimeoutError(100, 'The deadline of 100 ms has passed'))
  expect(clock.armed).toBe(0)
})

test('Deadline.signal is aborted from the start when it is first read too late', () => {
  const clock = new ManualClock()
  const deadline = Deadline.after(100, clock)
  clock.advanceNow(100)
  expect(deadline.signal.reason).toBeInstanceOf(TimeoutError)
  expect(clock.arms).toBe(0)
})

test('Deadline.signal is not early above 2^31-1 ms', () => {
  const clock = new ManualClock()
  const { signal } = Deadline.after(2 ** 31 + 5, clock)
  clock.advanceNow(2 ** 31 + 4)
  expect(signal.aborted).toBe(false)
  clock.advanceNow(1)
  expect(signal.aborted).toBe(true)
})

test('Deadline.header and Deadline.fromHeader carry what is left, in whole milliseconds rounded down', () => {
  const clock = new ManualClock()
  const deadline = Deadline.after(100.9, clock)
  clock.advanceNow(20)
  expect(deadline.header()).toBe('80')
  const other = new ManualClock(77_777)
  const received = Deadline.fromHeader(deadline.header(), other)
  expect(received?.remainingMs).toBe(80)
  other.advanceNow(80)
  expect(received?.expired).toBe(true)
  clock.advanceNow(500)
  expect(deadline.header()).toBe('0')
})

test.each(['0', '250', ' 250 ', '12.5'])('Deadline.fromHeader takes %j', (value) => {
  expect(Deadline.fromHeader(value, new ManualClock())?.remainingMs).toBe(Number(value))
})

test.each(['', ' ', 'soon', '-1', 'NaN', 'Infinity', '0x10', '1e3', '10 20', '10ms', null, undefined, '9'.repeat(400)])(
  'Deadline.fromHeader gives undefined for %j',
  (value) => {
    expect(Deadline.fromHeader(value, new ManualClock())).toBeUndefined()
  },
)

test('Deadline.after refuses what is no number of milliseconds', () => {
  expect(() => Deadline.after(-1)).toThrow('ms must be a number >= 0, received -1')
  expect(() => Deadline.after(Number.NaN)).toThrow(RangeError)
  expect(() => Deadline.after('100' as never)).toThrow(TypeError)
  expect(() => Deadline.after(100, {} as never)).toThrow(TypeError)
})
