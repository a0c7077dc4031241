import { expect, test } from 'vitest'
import { passing, rejection } from '../test/manual-clock.ts'
import { Retryable, retryable } from './index.ts'

class Counter {
  count = 0
  async add(by: number): Promise<number> {
    this.count += by
    if (this.count < 3 * by) throw passing()
    return this.count
  }
}

test('retryable passes this and the arguments to every attempt', async () => {
  const counter = new Counter()
  // oxlint-disable-next-line typescript/unbound-method -- `this` is what is tested
  const add = retryable(Counter.prototype.add, { initialDelayMs: 0 })
  await expect(add.call(counter, 2)).resolves.toBe(6)
})

test('Retryable gives a method retries', async () => {
  const decorate = Retryable({ initialDelayMs: 0 })
  const context = { kind: 'method', name: 'add' } as ClassMethodDecoratorContext<Counter, Counter['add']>
  class Decorated extends Counter {
    // What `@Retryable(…)` above a method does, by hand: Node strips types and does not run decorators.
    // oxlint-disable-next-line typescript/unbound-method -- `this` comes with the call
    static readonly method = decorate(Counter.prototype.add, context)
    override add(by: number): Promise<number> {
      return Decorated.method.call(this, by)
    }
  }
  await expect(new Decorated().add(5)).resolves.toBe(15)
})

test('Retryable refuses what is no method', () => {
  const context = { kind: 'field', name: 'add' } as unknown as ClassMethodDecoratorContext
  expect(() => Retryable()(async () => 1, context)).toThrow('Retryable must decorate a method, received field')
})

test('retryable gives up as retry does', async () => {
  const error = passing()
  const fail = retryable(() => Promise.reject(error), { maxRetries: 1, initialDelayMs: 0 })
  expect(await rejection(fail())).toBe(error)
})
