import { expect, test, vi } from 'vitest'
import { busy, fail, failing, ManualClock, passing, rejection, settle } from '../test/manual-clock.ts'
import { retry, RetryPolicy, type RetryOptions } from './index.ts'

const noWait = { initialDelayMs: 0 }
const oneRetry = { maxRetries: 1, initialDelayMs: 0 }
const always = (): boolean => true

test('retry handles undefined thrown, synchronous throws and foreign thenables', async () => {
  await expect(retry(failing(1, undefined), { ...noWait, retryIf: always })).resolves.toBe('ok')
  expect(await rejection(retry(() => Promise.reject(undefined), { ...noWait, retryIf: always }))).toBe(undefined)
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  const thenable = { then: (resolve: (value: string) => void) => resolve('theirs') } as PromiseLike<string>
  await expect(retry(() => thenable)).resolves.toBe('theirs')
  await expect(retry(() => thenable, { signal: new AbortController().signal })).resolves.toBe('theirs')
})

test('a hook that throws changes no result: retryIf, retryResultIf and backoff are taken as a no, onRetry is ignored', async () => {
  const seen: unknown[] = []
  const onListenerError = (error: unknown): void => void seen.push(error)
  const bug = new Error('bug')
  const broken = (): never => {
    throw bug
  }
  const error = passing()
  expect(await rejection(retry(failing(1, error), { retryIf: broken, onListenerError }))).toBe(error)
  expect(await rejection(retry(failing(1, error), { retryIf: async () => broken(), onListenerError }))).toBe(error)
  expect(await rejection(retry(failing(1, error), { backoff: broken, onListenerError }))).toBe(error)
  await expect(retry(() => 1, { retryResultIf: broken, onListenerError })).resolves.toBe(1)
  await expect(retry(failing(1), { ...noWait, onRetry: broken, onListenerError })).resolves.toBe('ok')
  const onRetry = async (): Promise<never> => broken()
  await expect(retry(failing(1), { ...noWait, onRetry, onListenerError })).resolves.toBe('ok')
  expect(seen).toEqual([bug, bug, bug, bug, bug, bug])
})

test('a backoff that returns NaN, a negative or an endless delay is reported, and ends it with the last error', async () => {
  const seen: unknown[] = []
  const error = passing()
  for (const delayMs of [Number.NaN, -1, Infinity]) {
    const options = {
      backoff: () => delayMs,
      onListenerError: (hookError: unknown) => void seen.push(String(hookError)),
    }
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await rejection(retry(failing(1, error), options))).toBe(error)
  }
  expect(seen).toEqual([
    'RangeError: backoff must return a finite number >= 0, received NaN',
    'RangeError: backoff must return a finite number >= 0, received -1',
    'RangeError: backoff must return a finite number >= 0, received Infinity',
  ])
})

test('retry needs no timer for a zero delay, but gives the event loop a turn now and then', async () => {
  const clock = new ManualClock()
  await retry(failing(31), { clock, ...noWait, maxRetries: Infinity })
  expect(clock.delays).toEqual([])
  const result = retry(failing(64), { clock, ...noWait, maxRetries: Infinity })
  await clock.advance(0)
  await expect(result).resolves.toBe('ok')
  expect(clock.delays).toEqual([0, 0])
})

test('RetryPolicy neither keeps nor changes the options object', async () => {
  const options = { maxRetries: 1, ...noWait }
  const policy = new RetryPolicy(Object.freeze(options))
  await expect(policy.execute(failing(1))).resolves.toBe('ok')
  const open = { maxRetries: 1, ...noWait }
  const other = new RetryPolicy(open)
  open.maxRetries = 0
  await expect(other.execute(failing(1))).resolves.toBe('ok')
})

const heard = async (fn: () => unknown, options: RetryOptions): Promise<[unknown, string[]]> => {
  const seen: string[] = []
  const [outcome] = await Promise.allSettled([
    retry(fn, { ...oneRetry, onListenerError: (error) => void seen.push(String(error)), ...options }),
  ])
  await settle()
  return [outcome.status === 'fulfilled' ? outcome.value : outcome.reason, seen]
}

test('an onListenerError that rejects is reported as one that throws is', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const second = new Error('second')
  const onListenerError = (): Promise<never> => Promise.reject(second)
  await heard(fail(), { onRetry: fail(new Error('first')), onListenerError })
  expect(reported).toEqual([second])
  vi.unstubAllGlobals()
})

test('an async retryResultIf is reported and taken as a no, and its rejection is looked after', async () => {
  const rule = 'TypeError: retryResultIf must answer at once, received a promise'
  const broken = async (): Promise<boolean> => fail(new Error('late'))()
  expect(await heard(() => 1, { retryResultIf: (async () => true) as never })).toEqual([1, [rule]])
  expect(await heard(() => 1, { retryResultIf: broken as never })).toEqual([1, [rule, 'Error: late']])
})

test.each([
  [10n, '10'],
  [null, 'null'],
  ['5', '5'],
])('a backoff that returns %o is reported, and ends it with the last error', async (delayMs, shown) => {
  const rule = `RangeError: backoff must return a finite number >= 0, received ${shown}`
  expect(await heard(fail(), { initialDelayMs: undefined, backoff: () => delayMs as never })).toEqual([busy, [rule]])
})

test.each([Number.NaN, -1, 2])('a random that returns %d is reported by its name', async (value) => {
  const rule = `RangeError: random must return a number from 0 to 1, received ${value}`
  expect(await heard(fail(), { initialDelayMs: 10, random: () => value })).toEqual([busy, [rule]])
})
