import { expect, test, vi } from 'vitest'
import { onAbort } from './on-abort.ts'

test('onAbort calls everybody who waits, once, and nobody who has stopped', () => {
  const controller = new AbortController()
  const [stays, stops] = [vi.fn<() => void>(), vi.fn<() => void>()]
  onAbort(controller.signal, stays)
  onAbort(controller.signal, stops)()
  controller.abort()
  expect([stays.mock.calls.length, stops.mock.calls.length]).toEqual([1, 0])
})

test('onAbort takes its listener off with the last who waits, and puts it back for the next', () => {
  const controller = new AbortController()
  const removed = vi.spyOn(controller.signal, 'removeEventListener')
  const stopFirst = onAbort(controller.signal, () => {})
  const stopSecond = onAbort(controller.signal, () => {})
  stopFirst()
  expect(removed).not.toHaveBeenCalled()
  stopSecond()
  expect(removed).toHaveBeenCalledTimes(1)

  const later = vi.fn<() => void>()
  onAbort(controller.signal, later)
  // Once more, by one who has stopped already: it takes nothing away from the others.
  stopSecond()
  controller.abort()
  expect(later).toHaveBeenCalledTimes(1)
})
