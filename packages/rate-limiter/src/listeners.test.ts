import { afterEach, expect, test, vi } from 'vitest'
import { Listeners } from './listeners.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

function boom(): never {
  throw new Error('boom')
}

test('Listeners calls each listener as often as it was added, until it is taken off', () => {
  const listeners = new Listeners<{ event: number }>(undefined)
  const seen: number[] = []
  const listener = (event: number): number => seen.push(event)
  const off = listeners.on('event', listener)
  listeners.on('event', listener)
  listeners.emit('event', 1)
  off()
  off()
  listeners.emit('event', 2)
  expect(seen).toEqual([1, 1, 2])
  expect(listeners.has('event')).toBe(true)
})

test('Listeners reports to reportError what a listener throws, or onListenerError itself, and calls the others', () => {
  const reportError = vi.fn<(error: unknown) => void>()
  vi.stubGlobal('reportError', reportError)
  const seen: number[] = []
  for (const onError of [undefined, boom]) {
    const listeners = new Listeners<{ event: number }>(onError)
    listeners.on('event', boom)
    listeners.on('event', (event) => seen.push(event))
    listeners.emit('event', 1)
  }
  expect(reportError.mock.calls).toEqual([[new Error('boom')], [new Error('boom')]])
  expect(seen).toEqual([1, 1])
})

test('Listeners lets a listener add and take off others while it is called', () => {
  const listeners = new Listeners<{ event: number }>(undefined)
  const seen: string[] = []
  const off = listeners.on('event', () => {
    off()
    listeners.on('event', () => seen.push('second'))
    seen.push('first')
  })
  listeners.emit('event', 1)
  listeners.emit('event', 2)
  expect(seen).toEqual(['first', 'second'])
})
