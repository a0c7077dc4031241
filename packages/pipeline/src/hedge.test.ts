/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import { describe, expect, test, vi } from 'vitest'
import { deferred } from '../test/deferred.ts'
import { ManualClock, settled } from '../test/manual-clock.ts'
import { hedge } from './hedge.ts'
import type { Policy } from './policy.ts'

interface Call {
  readonly signal: AbortSignal
  readonly resolve: (value: string) => void
  readonly reject: (error: Error) => void
}

/** Runs `policy` over a function whose calls are answered by hand. */
function hedgeByHand(policy: Policy, signal?: AbortSignal): { calls: Call[]; result: Promise<string> } {
  const calls: Call[] = []
  const result = policy.execute(
    (context) => {
      const { promise, resolve, reject } = deferred<string>()
      calls.push({ signal: context.signal, resolve, reject })
      return promise
    },
    { signal },
  )
  result.catch(() => {})
  return { calls, result }
}

const answerAfter = async (policy: Policy, clock: ManualClock, ms: number): Promise<void> => {
  const { calls, result } = hedgeByHand(policy)
  await clock.advance(ms)
  calls[0]?.resolve('a')
  await result
}

const first = new Error('first')
const second = new Error('second')

describe('hedge', () => {
  test('hedge makes one call when the answer comes in time, and leaves no timer', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, clock }))
    await clock.advance(99)
    calls[0]?.resolve('a')
    await expect(result).resolves.toBe('a')
    expect([calls.length, clock.pending, calls[0]?.signal.aborted]).toEqual([1, 0, false])
  })

  test('hedge starts a second call after delayMs without an answer, takes the first success and aborts the loser', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, clock }))
    await clock.advance(99)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    calls[1]?.resolve('b')
    await expect(result).resolves.toBe('b')
    expect(calls.map((call) => call.signal.aborted)).toEqual([true, false])
    expect(clock.pending).toBe(0)
  })

  test('hedge starts the second call at once if the first fails before delayMs', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, clock }))
    calls[0]?.reject(first)
    await settled()
    expect([calls.length, clock.pending]).toEqual([2, 0])
    calls[1]?.resolve('b')
    await expect(result).resolves.toBe('b')
  })

  test('hedge throws the first error if all calls fail', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, clock }))
    await clock.advance(100)
    calls[1]?.reject(first)
    await settled()
    calls[0]?.reject(second)
    await expect(result).rejects.toBe(first)
    expect([calls.length, clock.pending]).toEqual([2, 0])
  })

  test('hedge waits for a call that is still running when another fails', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, clock }))
    await clock.advance(100)
    calls[0]?.reject(first)
    await settled()
    calls[1]?.resolve('b')
    await expect(result).resolves.toBe('b')
  })

  test('hedge adds up to maxHedges calls, each delayMs after the one before it', async () => {
    const clock = new ManualClock()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, maxHedges: 2, clock }))
    await clock.advance(150)
    expect(calls).toHaveLength(2)
    await clock.advance(1_000)
    expect(calls).toHaveLength(3)
    calls[2]?.resolve('c')
    await expect(result).resolves.toBe('c')
    expect(calls.map((call) => call.signal.aborted)).toEqual([true, true, false])
  })

  test('hedge with delayMs Infinity calls again after a failure only', async () => {
    const clock = new ManualClock()
    const { calls } = hedgeByHand(hedge({ delayMs: Infinity, clock }))
    expect(clock.pending).toBe(0)
    calls[0]?.reject(first)
    await settled()
    expect(calls).toHaveLength(2)
  })

  test('hedge handles a synchronous throw, and a thrown undefined', async () => {
    const throws = (): never => {
      throw first
    }
    await expect(hedge({ delayMs: 100 }).execute(throws)).rejects.toBe(first)
    const calls: number[] = []
    const fails = (): Promise<never> => Promise.reject(calls.push(1) === 1 ? undefined : second)
    await expect(hedge({ delayMs: 100 }).execute(fails)).rejects.toBeUndefined()
  })

  test("hedge is cancelled with the caller's abort: the reason passes, all calls are aborted, none is added", async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100, maxHedges: 2, clock }), controller.signal)
    await clock.advance(100)
    const reason = new Error('gone')
    // A function that rejects when it is aborted is not a failed call, to be made again.
    for (const call of calls) call.signal.addEventListener('abort', () => call.reject(reason))
    controller.abort(reason)
    expect(calls.map((call) => call.signal.reason as unknown)).toEqual([reason, reason])
    await expect(result).rejects.toBe(reason)
    await clock.advance(1_000)
    expect([calls.length, clock.pending]).toEqual([2, 0])
  })

  test('hedge delivers a value that was there when the abort came', async () => {
    const controller = new AbortController()
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100 }), controller.signal)
    calls[0]?.resolve('committed')
    controller.abort()
    await expect(result).resolves.toBe('committed')
  })

  test('hedge does not start a call whose signal is already aborted', async () => {
    const reason = new Error('gone')
    const { calls, result } = hedgeByHand(hedge({ delayMs: 100 }), AbortSignal.abort(reason))
    await expect(result).rejects.toBe(reason)
    expect(calls).toHaveLength(0)
  })

  test('hedge takes its listener off the signal of the caller when it is done', async () => {
    const { signal } = new AbortController()
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    const policy = hedge({ delayMs: 100, clock: new ManualClock() })
    const runs = Array.from({ length: 20 }, () => hedgeByHand(policy, signal))
    expect(added).toHaveBeenCalledTimes(1)
    for (const { calls } of runs) calls[0]?.resolve('a')
    await Promise.all(runs.map(({ result }) => result))
    expect(removed).toHaveBeenCalledTimes(1)
  })

  test('hedge uses one timer for all its calls', async () => {
    const clock = new ManualClock()
    const policy = hedge({ delayMs: 100, clock })
    const runs = Array.from({ length: 20 }, () => hedgeByHand(policy))
    expect(clock.pending).toBe(1)
    await clock.advance(100)
    expect(runs.every(({ calls }) => calls.length === 2)).toBe(true)
  })

  describe('with a quantile', () => {
    test('hedge waits fallbackMs until enough latencies are known, then for their quantile', async () => {
      const clock = new ManualClock()
      const policy = hedge({ delayMs: { quantile: 0.9, fallbackMs: 500 }, clock })
      for (let ms = 1; ms <= 9; ms += 1) await answerAfter(policy, clock, ms)
      const before = hedgeByHand(policy)
      await clock.advance(499)
      expect(before.calls).toHaveLength(1)
      await clock.advance(1)
      expect(before.calls).toHaveLength(2)
      before.calls[0]?.reject(first)
      before.calls[1]?.reject(first)
      await answerAfter(policy, clock, 10)

      const after = hedgeByHand(policy)
      await clock.advance(8)
      expect(after.calls).toHaveLength(1)
      await clock.advance(1)
      expect(after.calls).toHaveLength(2)
    })

    test('hedge does not count a first call that failed', async () => {
      const clock = new ManualClock()
      const policy = hedge({ delayMs: { quantile: 0.5, fallbackMs: 100 }, clock })
      const failFirst = async (): Promise<void> => {
        const { calls, result } = hedgeByHand(policy)
        calls[0]?.reject(first)
        await settled()
        calls[1]?.resolve('b')
        await result
      }
      await failFirst()
      await failFirst()
      const { calls } = hedgeByHand(policy)
      await clock.advance(99)
      expect(calls).toHaveLength(1)
    })

    test('hedge counts a first call that lost at the time it was given up, so that the delay does not shrink by itself', async () => {
      const clock = new ManualClock()
      const policy = hedge({ delayMs: { quantile: 0.5, fallbackMs: 100 }, clock })
      const loseAfter105Ms = async (): Promise<void> => {
        const { calls, result } = hedgeByHand(policy)
        await clock.advance(105)
        calls[1]?.resolve('b')
        await result
      }
      await loseAfter105Ms()
      await loseAfter105Ms()
      const { calls } = hedgeByHand(policy)
      await clock.advance(104)
      expect(calls).toHaveLength(1)
      await clock.advance(1)
      expect(calls).toHaveLength(2)
    })
  })

  test.each([
    [{ delayMs: -1 }, 'delayMs must be a number >= 0, received -1'],
    [{ delayMs: Number.NaN }, 'delayMs must be a number >= 0, received NaN'],
    [{ delayMs: 1, maxHedges: 0 }, 'maxHedges must be an integer >= 1, received 0'],
    [{ delayMs: { quantile: 1, fallbackMs: 1 } }, 'delayMs.quantile must be a number > 0 and < 1, received 1'],
    [{ delayMs: { quantile: 0.5, fallbackMs: -1 } }, 'delayMs.fallbackMs must be a number >= 0, received -1'],
  ])('hedge refuses %o', (options, message) => {
    expect(() => hedge(options)).toThrow(new RangeError(message))
  })

  test.each([
    [{ delayMs: '10' }, 'delayMs must be a number >= 0, received "10" (string)'],
    [{ delayMs: null }, 'delayMs must be a number >= 0, received null'],
    [{ delayMs: {} }, 'delayMs.quantile must be a number > 0 and < 1, received undefined'],
  ])('hedge refuses the wrong shape %o', (options, message) => {
    expect(() => hedge(options as unknown as { delayMs: number })).toThrow(new TypeError(message))
  })
})
