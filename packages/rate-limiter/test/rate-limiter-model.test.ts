/* oxlint-disable no-await-in-loop -- the steps of a model happen one after another */
import { RateLimiter } from '@aplomb/rate-limiter'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock, settled } from './manual-clock.ts'

const bucket = { rate: 250, capacity: 4 }
const window = { quota: 6, windowMs: 40 }

/** One key: a bucket filled in thousandths of a token and a fixed window, both lived through millisecond by millisecond. */
class NaiveKey {
  waiting: { tokens: number; index: number }[] = []
  #level = bucket.capacity * 1000
  #spent = 0
  #windowEnd = 0
  #blockedUntil = 0
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  tryAcquire(tokens: number): boolean {
    return this.waiting.length === 0 && this.#take(tokens)
  }

  refund(tokens: number): void {
    this.#level = Math.min(this.#level + tokens * 1000, bucket.capacity * 1000)
    this.#spent = Math.max(0, this.#spent - tokens)
  }

  penalize(tokens: number): void {
    this.#charge(tokens)
  }

  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#now + ms)
  }

  reset(): void {
    this.#level = bucket.capacity * 1000
    this.#windowEnd = this.#now
    this.#spent = 0
    this.#blockedUntil = this.#now
  }

  tick(): void {
    this.#now += 1
    this.#level = Math.min(this.#level + bucket.rate, bucket.capacity * 1000)
    if (this.#now !== this.#windowEnd || this.#spent <= window.quota) return
    // A debt opens the next window.
    this.#spent -= window.quota
    this.#windowEnd += window.windowMs
  }

  /** Serves the waiters who can be served, in order. */
  serve(): number[] {
    const served: number[] = []
    for (let [first] = this.waiting; first !== undefined && this.#take(first.tokens); [first] = this.waiting) {
      served.push(first.index)
      this.waiting.shift()
    }
    return served
  }

  #take(tokens: number): boolean {
    const spent = this.#now >= this.#windowEnd ? 0 : this.#spent
    if (this.#now < this.#blockedUntil || this.#level < tokens * 1000 || spent + tokens > window.quota) return false
    this.#charge(tokens)
    return true
  }

  #charge(tokens: number): void {
    if (this.#now >= this.#windowEnd) {
      this.#windowEnd = this.#now + window.windowMs
      this.#spent = 0
    }
    this.#level -= tokens * 1000
    this.#spent += tokens
  }
}

const key = fc.constantFrom('a', '__proto__')
const tokens = fc.integer({ min: 1, max: 4 })
const step = fc.oneof(
  fc.record({ type: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 30 }) }),
  fc.record({
    type: fc.constantFrom('try' as const, 'wait' as const, 'refund' as const, 'penalize' as const),
    key,
    tokens,
  }),
  fc.record({ type: fc.constant('block' as const), key, ms: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ type: fc.constant('reset' as const), key }),
)

test('RateLimiter decides over two limits as counters do that are moved millisecond by millisecond', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = new ManualClock()
      const limiter = new RateLimiter({ limits: [bucket, { ...window, type: 'fixed' }], clock })
      const model = { a: new NaiveKey(0), ['__proto__']: new NaiveKey(0) } as Record<string, NaiveKey>
      const naive = Object.values(model)
      const served: number[] = []
      const expected: number[] = []
      let waiters = 0
      for (const action of steps) {
        const own = 'key' in action ? (model[action.key] as NaiveKey) : undefined
        switch (action.type) {
          case 'advance':
            await clock.advance(action.ms)
            for (let ms = 0; ms < action.ms; ms += 1) {
              for (const each of naive) {
                each.tick()
                expected.push(...each.serve())
              }
            }
            break
          case 'try':
            expect(limiter.tryAcquire(action.key, action.tokens)).toBe(own?.tryAcquire(action.tokens))
            break
          case 'wait': {
            waiters += 1
            const index = waiters
            void limiter.acquire(action.key, action.tokens).then(() => served.push(index))
            own?.waiting.push({ tokens: action.tokens, index })
            break
          }
          case 'refund':
            await limiter.refund(action.key, action.tokens)
            own?.refund(action.tokens)
            break
          case 'penalize':
            await limiter.penalize(action.key, action.tokens)
            own?.penalize(action.tokens)
            break
          case 'block':
            await limiter.block(action.key, action.ms)
            own?.block(action.ms)
            break
          case 'reset':
            await limiter.reset(action.key)
            own?.reset()
            break
        }
        expected.push(...(own?.serve() ?? []))
        await settled()
        expect(served.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b))
        expect(clock.timers.size).toBe(naive.some(({ waiting }) => waiting.length > 0) ? 1 : 0)
      }
    }),
    { numRuns: 200 },
  )
})

test('RateLimiter never grants more than capacity + ⌊rate · T⌋ in any stretch of time, however its keys are forgotten', () => {
  const clock = new ManualClock()
  const limiter = new RateLimiter({ limits: { rate: 1000 / 3, capacity: 5 }, maxKeys: 3, clock })
  fc.assert(
    fc.property(
      fc.array(fc.record({ ms: fc.integer({ min: 0, max: 9 }), full: fc.boolean() }), { maxLength: 60 }),
      (steps) => {
        const start = clock.now()
        let granted = 0
        for (const { ms, full } of steps) {
          while (limiter.tryAcquire('watched')) granted += 1
          for (let index = 0; index < (full ? 5 : 0); index += 1) limiter.tryAcquire(`passer-by ${index}`)
          clock.jump(ms)
        }
        expect(granted).toBeLessThanOrEqual(5 + Math.floor((clock.now() - start) / 3))
      },
    ),
    { numRuns: 200 },
  )
})
