import { describe, expect, test, vi } from 'vitest'
import { deferred } from '../test/deferred.ts'
import { ManualClock, settled } from '../test/manual-clock.ts'
import { BulkheadFullError, isBulkheadFullError } from './bulkhead-full-error.ts'
import { bulkhead, type Bulkhead } from './bulkhead.ts'

interface Call {
  readonly result: Promise<string>
  readonly answered: Promise<string>
  /** Lets a running call answer. */
  readonly answer: () => void
  readonly fail: (error: Error) => void
}

/** Starts a call that answers when it is told to, and notes in `started` that it runs. */
function start(policy: Bulkhead, name: string, started: string[] = [], signal?: AbortSignal): Call {
  const { promise, resolve, reject } = deferred<string>()
  const result = policy.execute(
    () => {
      started.push(name)
      return promise
    },
    { signal },
  )
  result.catch(() => {})
  return { result, answered: promise, answer: () => resolve(name), fail: reject }
}

describe('bulkhead', () => {
  test('bulkhead runs up to maxConcurrent calls at a time and refuses the next one', async () => {
    const policy = bulkhead({ maxConcurrent: 2 })
    const started: string[] = []
    const [a, , c] = ['a', 'b', 'c'].map((name) => start(policy, name, started))
    expect(policy).toMatchObject({ kind: 'bulkhead', active: 2, queued: 0 })
    await expect(c?.result).rejects.toMatchObject({
      name: 'BulkheadFullError',
      code: 'BULKHEAD_FULL',
      retryable: true,
      message: '2 calls are running and 0 are waiting',
    })
    a?.answer()
    await expect(a?.result).resolves.toBe('a')
    expect(policy.active).toBe(1)
    start(policy, 'd', started)
    expect(started).toEqual(['a', 'b', 'd'])
  })

  test('bulkhead gives the place back after a failure, a synchronous one too', async () => {
    const policy = bulkhead({ maxConcurrent: 1 })
    const error = new Error('failed')
    const a = start(policy, 'a')
    a.fail(error)
    await expect(a.result).rejects.toBe(error)
    const throws = policy.execute(() => {
      throw error
    })
    await expect(throws).rejects.toBe(error)
    expect(policy.active).toBe(0)
  })

  test('bulkhead serves the queue first come, first served, and a newcomer overtakes nobody', async () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 3 })
    const started: string[] = []
    const [a, b] = ['a', 'b', 'c'].map((name) => start(policy, name, started))
    expect(policy).toMatchObject({ active: 1, queued: 2 })
    a?.answer()
    await a?.result
    // The moment at which `a` has left and `b` has not begun: the place is taken all the same.
    start(policy, 'd', started)
    await settled()
    b?.answer()
    await settled()
    expect(started).toEqual(['a', 'b', 'c'])
    expect(policy).toMatchObject({ active: 1, queued: 1 })
  })

  test('bulkhead never refuses a waiter once it is queued', async () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 1 })
    const started: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map((name) => start(policy, name, started))
    await expect(c?.result).rejects.toBeInstanceOf(BulkheadFullError)
    a?.answer()
    b?.answer()
    await expect(b?.result).resolves.toBe('b')
  })

  test('bulkhead frees the place of a waiter that is aborted at once, and rejects with the reason', async () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 2 })
    const controller = new AbortController()
    const started: string[] = []
    const a = start(policy, 'a', started)
    const b = start(policy, 'b', started, controller.signal)
    const c = start(policy, 'c', started)
    const reason = new Error('gone')
    controller.abort(reason)
    expect(policy).toMatchObject({ active: 1, queued: 1 })
    await expect(b.result).rejects.toBe(reason)
    a.answer()
    c.answer()
    await expect(c.result).resolves.toBe('c')
    expect(started).toEqual(['a', 'c'])
  })

  test('bulkhead does not start a waiter that is aborted between its turn and its start, and hands the place on', async () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 2 })
    const controller = new AbortController()
    const reason = new Error('gone')
    const started: string[] = []
    const a = start(policy, 'a', started)
    const b = start(policy, 'b', started, controller.signal)
    const c = start(policy, 'c', started)
    // Runs right after `a` has handed its place over, and before `b` takes it up.
    const aborted = a.answered.then(() => controller.abort(reason))
    a.answer()
    c.answer()
    await aborted
    await expect(b.result).rejects.toBe(reason)
    await expect(c.result).resolves.toBe('c')
    expect(started).toEqual(['a', 'c'])
    expect(policy).toMatchObject({ active: 0, queued: 0 })
  })

  test('bulkhead keeps the place of a running call that ignores its abort, until it settles', async () => {
    const policy = bulkhead({ maxConcurrent: 1 })
    const controller = new AbortController()
    const a = start(policy, 'a', [], controller.signal)
    controller.abort()
    await settled()
    expect(policy.active).toBe(1)
    a.answer()
    await expect(a.result).resolves.toBe('a')
    expect(policy.active).toBe(0)
  })

  test('bulkhead does not start a call whose signal is already aborted, not even to say that it is full', async () => {
    const policy = bulkhead({ maxConcurrent: 1 })
    const reason = new Error('gone')
    const fn = vi.fn<() => void>()
    const signal = AbortSignal.abort(reason)
    await expect(policy.execute(fn, { signal })).rejects.toBe(reason)
    start(policy, 'a')
    await expect(policy.execute(fn, { signal })).rejects.toBe(reason)
    expect(fn).not.toHaveBeenCalled()
  })

  test('bulkhead refuses a waiter after queueTimeoutMs, on time, with one timer for all and none left', async () => {
    const clock = new ManualClock()
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 10, queueTimeoutMs: 100, clock })
    const a = start(policy, 'a')
    const b = start(policy, 'b')
    await clock.advance(60)
    const c = start(policy, 'c')
    expect(clock.pending).toBe(1)
    await clock.advance(39)
    expect(policy.queued).toBe(2)
    await clock.advance(1)
    expect(policy.queued).toBe(1)
    await expect(b.result).rejects.toMatchObject({ code: 'BULKHEAD_FULL', message: 'No place came free within 100 ms' })
    await clock.advance(59)
    expect(policy.queued).toBe(1)
    a.answer()
    c.answer()
    await expect(c.result).resolves.toBe('c')
    expect(clock.pending).toBe(0)
  })

  test('bulkhead does not refuse early for a queueTimeoutMs longer than a timer can be', async () => {
    const clock = new ManualClock()
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 1, queueTimeoutMs: 2 ** 32, clock })
    start(policy, 'a')
    const b = start(policy, 'b')
    await clock.advance(2 ** 32 - 1)
    expect(policy.queued).toBe(1)
    await clock.advance(1)
    await expect(b.result).rejects.toBeInstanceOf(BulkheadFullError)
  })

  test('bulkhead puts one listener on a signal, however many wait on it, and takes it off', async () => {
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: 100 })
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const calls = Array.from({ length: 50 }, (_, index) => start(policy, String(index), [], signal))
    expect(added).toHaveBeenCalledTimes(1)
    for (const call of calls) call.answer()
    await Promise.all(calls.map((call) => call.result))
    expect(removed).toHaveBeenCalledTimes(1)
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1])
  })

  test('bulkhead reads no clock and sets no timer without queueTimeoutMs', () => {
    const clock = new ManualClock()
    const now = vi.spyOn(clock, 'now')
    const policy = bulkhead({ maxConcurrent: 1, maxQueue: Infinity, clock })
    for (let index = 0; index < 5; index += 1) start(policy, String(index))
    expect({ queued: policy.queued, pending: clock.pending, read: now.mock.calls.length }).toEqual({
      queued: 4,
      pending: 0,
      read: 0,
    })
  })

  test.each([
    [{ maxConcurrent: 0 }, 'maxConcurrent must be an integer >= 1, received 0'],
    [{ maxConcurrent: 1.5 }, 'maxConcurrent must be an integer >= 1, received 1.5'],
    [{ maxConcurrent: Number.NaN }, 'maxConcurrent must be an integer >= 1, received NaN'],
    [{ maxConcurrent: 1, maxQueue: -1 }, 'maxQueue must be an integer >= 0 or Infinity, received -1'],
    [{ maxConcurrent: 1, queueTimeoutMs: 0 }, 'queueTimeoutMs must be a number > 0, received 0'],
    [{ maxConcurrent: 1, queueTimeoutMs: Number.NaN }, 'queueTimeoutMs must be a number > 0, received NaN'],
  ])('bulkhead refuses %o', (options, message) => {
    expect(() => bulkhead(options)).toThrow(new RangeError(message))
  })

  test('bulkhead refuses what is no number', () => {
    const options = { maxConcurrent: '2' as unknown as number }
    expect(() => bulkhead(options)).toThrow(
      new TypeError('maxConcurrent must be an integer >= 1, received "2" (string)'),
    )
  })

  test('isBulkheadFullError knows its own, from whatever copy, and nothing else', () => {
    expect(isBulkheadFullError(new BulkheadFullError('x'))).toBe(true)
    expect(isBulkheadFullError(Object.assign(new Error('x'), { code: 'BULKHEAD_FULL' }))).toBe(true)
    expect([new Error('x'), { code: 'BULKHEAD_FULL' }, undefined].some(isBulkheadFullError)).toBe(false)
  })
})
