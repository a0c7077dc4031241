/* oxlint-disable no-await-in-loop -- what happens here happens in order */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bulkhead, isBulkheadFullError } from '@aplomb/pipeline'
import { ManualClock, settled } from './manual-clock.ts'

/** The bulkhead as one would write it down: two lists, gone through from the front at every step. */
class NaiveBulkhead {
  running: number[] = []
  waiting: { readonly id: number; readonly since: number }[] = []
  readonly log: string[] = []
  now = 0
  readonly #maxConcurrent: number
  readonly #maxQueue: number
  readonly #queueTimeoutMs: number

  constructor(maxConcurrent: number, maxQueue: number, queueTimeoutMs: number) {
    this.#maxConcurrent = maxConcurrent
    this.#maxQueue = maxQueue
    this.#queueTimeoutMs = queueTimeoutMs
  }

  call(id: number): void {
    if (this.running.length < this.#maxConcurrent) this.#run(id)
    else if (this.waiting.length < this.#maxQueue) this.waiting.push({ id, since: this.now })
    else this.log.push(`${id} refused`)
  }

  finish(id: number): void {
    this.running = this.running.filter((each) => each !== id)
    this.log.push(`${id} done`)
    const next = this.waiting.shift()
    if (next !== undefined) this.#run(next.id)
  }

  abort(id: number): void {
    if (!this.waiting.some((each) => each.id === id)) return
    this.waiting = this.waiting.filter((each) => each.id !== id)
    this.log.push(`${id} aborted`)
  }

  advance(ms: number): void {
    this.now += ms
    const late = this.waiting.filter(({ since }) => since + this.#queueTimeoutMs <= this.now)
    this.waiting = this.waiting.filter((each) => !late.includes(each))
    for (const { id } of late) this.log.push(`${id} refused`)
  }

  #run(id: number): void {
    this.running.push(id)
    this.log.push(`${id} runs`)
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('call' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('finish' as const), pick: fc.nat(9), fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('abort' as const), pick: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 15 }) }) },
)

const limits = fc.record({
  maxConcurrent: fc.integer({ min: 1, max: 4 }),
  maxQueue: fc.oneof(fc.nat(5), fc.constant(Infinity)),
  queueTimeoutMs: fc.integer({ min: 5, max: 30 }),
})

test('bulkhead does what the naive model does under random calls, endings, aborts and waits, and loses no place', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), async (options, steps) => {
      const clock = new ManualClock()
      const policy = bulkhead({ ...options, clock })
      const model = new NaiveBulkhead(options.maxConcurrent, options.maxQueue, options.queueTimeoutMs)
      const log: string[] = []
      const endings = new Map<number, (fails: boolean) => void>()
      const controllers: AbortController[] = []

      const call = (id: number): void => {
        const controller = new AbortController()
        controllers.push(controller)
        const run = (): Promise<void> => {
          log.push(`${id} runs`)
          expect(policy.active).toBeLessThanOrEqual(options.maxConcurrent)
          return new Promise((resolve, reject) => {
            endings.set(id, (fails) => {
              log.push(`${id} done`)
              if (fails) reject(new Error('failed'))
              else resolve()
            })
          })
        }
        policy.execute(run, { signal: controller.signal }).catch((error: unknown) => {
          if (isBulkheadFullError(error)) log.push(`${id} refused`)
          else if (error === controller.signal.reason) log.push(`${id} aborted`)
        })
      }

      const finish = (id: number, fails: boolean): void => {
        model.finish(id)
        endings.get(id)?.(fails)
      }

      for (const each of steps) {
        if (each.type === 'call') {
          model.call(controllers.length)
          call(controllers.length)
        } else if (each.type === 'finish') {
          const id = model.running[each.pick % Math.max(1, model.running.length)]
          if (id !== undefined) finish(id, each.fails)
        } else if (each.type === 'abort') {
          model.abort(each.pick)
          controllers[each.pick]?.abort(new Error(`abort ${each.pick}`))
        } else {
          model.advance(each.ms)
          await clock.advance(each.ms)
        }
        await settled()
        expect(log).toEqual(model.log)
        expect([policy.active, policy.queued]).toEqual([model.running.length, model.waiting.length])
      }

      // Every place comes back, and no timer is left.
      while (model.running[0] !== undefined) {
        finish(model.running[0], false)
        await settled()
      }
      expect([policy.active, policy.queued, clock.pending]).toEqual([0, 0, 0])
      expect(log).toEqual(model.log)
    }),
    { numRuns: 150 },
  )
})

test('bulkhead never runs more than maxConcurrent at a time when calls, endings and aborts fall in the same turn', async () => {
  const plan = fc.array(fc.record({ turns: fc.nat(4), abortAfter: fc.option(fc.nat(6), { nil: undefined }) }), {
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), plan, async (maxConcurrent, calls) => {
      const policy = bulkhead({ maxConcurrent, maxQueue: Infinity })
      const order: number[] = []
      let running = 0
      let most = 0
      const work = calls.map(async ({ turns, abortAfter }, id) => {
        const controller = new AbortController()
        if (abortAfter !== undefined) void turnsLater(abortAfter).then(() => controller.abort())
        const run = async (): Promise<void> => {
          running += 1
          most = Math.max(most, running)
          order.push(id)
          await turnsLater(turns)
          running -= 1
        }
        await policy.execute(run, { signal: controller.signal }).catch(() => {})
      })
      await Promise.all(work)
      expect(most).toBe(Math.min(maxConcurrent, most))
      expect(order).toEqual(order.toSorted((a, b) => a - b))
      expect([running, policy.active, policy.queued]).toEqual([0, 0, 0])
    }),
    { numRuns: 200 },
  )
})

/** Resolves after this many turns of the microtask queue. */
async function turnsLater(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
}
