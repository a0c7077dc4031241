import { describe, expect, test, vi } from 'vitest'
import { fallback } from './fallback.ts'
import type { PolicyContext } from './policy.ts'

const boom = new Error('boom')
const fails = (): never => {
  throw boom
}

const when = (): never => {
  throw new Error('in when')
}
const onListenerError = (): never => {
  throw new Error('in onListenerError')
}

describe('fallback', () => {
  test('fallback leaves a success alone', async () => {
    const to = vi.fn<() => number>(() => 0)
    expect(await fallback({ to }).execute(() => 42)).toBe(42)
    expect(to).not.toHaveBeenCalled()
  })

  test('fallback answers a failure, thrown or rejected, with the value of `to`, now or later', async () => {
    expect(await fallback({ to: () => 'other' }).execute(fails)).toBe('other')
    expect(await fallback({ to: async () => 'later' }).execute(() => Promise.reject(boom))).toBe('later')
    expect(await fallback({ to: (error) => error }).execute(() => Promise.reject(undefined))).toBeUndefined()
  })

  test('fallback gives `to` the error and the context of the call', async () => {
    const { signal } = new AbortController()
    const to = vi.fn<(error: unknown, context: PolicyContext) => AbortSignal>((_, context) => context.signal)
    expect(await fallback({ to }).execute(fails, { signal })).toBe(signal)
    expect(to.mock.calls[0]?.[0]).toBe(boom)
    expect(await fallback({ to }).execute(fails)).toBeInstanceOf(AbortSignal)
  })

  test('fallback throws what `to` throws', async () => {
    const worse = new Error('worse')
    const to = (): never => {
      throw worse
    }
    await expect(fallback({ to }).execute(fails)).rejects.toBe(worse)
  })

  test('fallback answers only the errors that `when` names', async () => {
    const policy = fallback({ to: () => 0, when: (error) => error === boom })
    const other = new Error('other')
    expect(await policy.execute(fails)).toBe(0)
    await expect(policy.execute(() => Promise.reject(other))).rejects.toBe(other)
  })

  test('fallback whose `when` throws lets the original error stand and reports the other', async () => {
    const bug = new Error('bug in when')
    const reported: unknown[] = []
    const policy = fallback({
      to: () => 0,
      when: () => {
        throw bug
      },
      onListenerError: (error) => reported.push(error),
    })
    await expect(policy.execute(fails)).rejects.toBe(boom)
    expect(reported).toEqual([bug])
  })

  test('fallback reports to globalThis.reportError when it is given no onListenerError, or one that throws', async () => {
    const reportError = vi.fn<(error: unknown) => void>()
    vi.stubGlobal('reportError', reportError)
    try {
      await expect(fallback({ to: () => 0, when }).execute(fails)).rejects.toBe(boom)
      await expect(fallback({ to: () => 0, when, onListenerError }).execute(fails)).rejects.toBe(boom)
      expect(reportError.mock.calls.flat()).toEqual([new Error('in when'), new Error('in onListenerError')])
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('fallback makes what `when` throws an uncaught error where there is no reportError', async () => {
    const queued = vi.fn<(callback: () => void) => void>()
    vi.stubGlobal('queueMicrotask', queued)
    try {
      await expect(fallback({ to: () => 0, when }).execute(fails)).rejects.toBe(boom)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(queued).toHaveBeenCalledTimes(1)
    expect(queued.mock.calls[0]?.[0]).toThrow('in when')
  })

  test("fallback never hides the caller's abort", async () => {
    const controller = new AbortController()
    const reason = new Error('gone')
    const to = vi.fn<() => number>(() => 0)
    const call = fallback({ to }).execute(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      { signal: controller.signal },
    )
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(to).not.toHaveBeenCalled()
  })

  test('fallback does not start a call whose signal is already aborted, nor answers it', async () => {
    const reason = new Error('gone')
    const fn = vi.fn<() => void>()
    const to = vi.fn<() => void>()
    await expect(fallback({ to }).execute(fn, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect([fn.mock.calls, to.mock.calls]).toEqual([[], []])
  })

  test('fallback refuses a `to` or a `when` that is no function', () => {
    expect(() => fallback({ to: 0 as unknown as () => number })).toThrow(
      new TypeError('to must be a function, received 0'),
    )
    expect(() => fallback({ to: () => 0, when: true as unknown as () => boolean })).toThrow(
      new TypeError('when must be a function, received true'),
    )
  })
})
