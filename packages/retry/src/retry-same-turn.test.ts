import { expect, test, vi } from 'vitest'
import { busy, deferred, fail, rejection } from '../test/manual-clock.ts'
import { retry } from './index.ts'

class Sub<T> extends Promise<T> {}

test.each<[string, () => PromiseLike<string> | string]>([
  ['a promise', () => Promise.resolve('v')],
  ['a subclass of Promise', () => Sub.resolve('v')],
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  ['a foreign thenable', () => ({ then: (resolve: (value: string) => void) => resolve('v') }) as PromiseLike<string>],
  ['a value', () => 'v'],
])('retry delivers %s that was there in the turn of the abort', async (_, make) => {
  const controller = new AbortController()
  const fn = (): PromiseLike<string> | string => {
    const outcome = make()
    controller.abort('aborted')
    return outcome
  }
  await expect(retry(fn, { signal: controller.signal })).resolves.toBe('v')
})

test('retry rejects with what a foreign thenable throws or rejects with', async () => {
  const { signal } = new AbortController()
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  const throws = { then: fail() } as PromiseLike<never>
  expect(await rejection(retry(() => throws, { signal, maxRetries: 0 }))).toBe(busy)
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  const nested = { then: (resolve: (value: unknown) => void) => resolve(Promise.reject(busy)) } as PromiseLike<never>
  expect(await rejection(retry(() => nested, { signal, maxRetries: 0 }))).toBe(busy)
})

test('a refused value that was there in the turn of the total deadline is returned', async () => {
  let now = 0
  let fire = (): void => {}
  const clock = { now: () => now, clearTimeout: () => {}, setTimeout: (fn: () => void) => void (fire = fn) }
  const { promise, resolve } = deferred<string>()
  const result = retry(() => promise, { clock, totalTimeoutMs: 10, retryResultIf: () => true })
  now = 10
  resolve('503')
  fire()
  await expect(result).resolves.toBe('503')
})

test('a rejection that came first in the turn of the attempt timeout is the one that counts', async () => {
  const declined = Object.assign(new Error('card declined'), { retryable: false })
  const { promise, reject } = deferred<string>()
  let fire = (): void => {}
  const sameTurn = { now: () => 0, clearTimeout: () => {}, setTimeout: (fn: () => void) => void (fire = fn) }
  const fn = vi.fn<() => Promise<string>>(() => promise)
  const thrown = rejection(retry(fn, { clock: sameTurn, attemptTimeoutMs: 10, initialDelayMs: 0 }))
  reject(declined)
  fire()
  expect(await thrown).toBe(declined)
  expect(fn).toHaveBeenCalledTimes(1)
})
