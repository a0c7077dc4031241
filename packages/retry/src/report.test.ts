import { afterEach, expect, test, vi } from 'vitest'
import { report } from './report.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('report tells onListenerError, and reportError of what that throws', () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const heard: unknown[] = []
  report('first', (error) => heard.push(error))
  report('second', () => {
    throw new Error('broken')
  })
  report('third', undefined)
  expect(heard).toEqual(['first'])
  expect(reported).toEqual([new Error('broken'), 'third'])
})

test('report throws in a microtask of its own where there is no reportError', () => {
  vi.stubGlobal('reportError', undefined)
  const queue = vi.fn<(task: () => void) => void>()
  vi.stubGlobal('queueMicrotask', queue)
  report('fourth', undefined)
  expect(queue).toHaveBeenCalledTimes(1)
  expect(queue.mock.calls[0]?.[0]).toThrow('fourth')
})
