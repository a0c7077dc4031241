/* oxlint-disable no-await-in-loop -- the steps of a model happen one after another */
import { TokenBucket } from '@aplomb/rate-limiter'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock, settled } from './manual-clock.ts'

type Outcome = 'waiting' | 'true' | 'false' | 'aborted' | 'RangeError'

interface Waiting {
  readonly tokens: number
  readonly deadline: number
  readonly index: number
}

/** A bucket that counts thousandths of a token, millisecond by millisecond, and tries out the future by living it. */
class NaiveBucket {
  outcomes: Outcome[] = []
  #now = 0
  #level: number
  #queue: Waiting[] = []
  #rate: number
  #capacity: number

  constructor(rate: number, capacity: number) {
    this.#rate = rate
    this.#capacity = capacity
    this.#level = capacity * 1000
  }

  get remaining(): number {
    return Math.floor(this.#level / 1000)
  }

  tryAcquire(tokens: number): boolean {
    if (this.#queue.length > 0 || this.#level < tokens * 1000) return false
    this.#level -= tokens * 1000
    return true
  }

  acquire(tokens: number, timeoutMs: number): void {
    const index = this.outcomes.length
    if (this.tryAcquire(tokens)) {
      this.outcomes.push('true')
      return
    }
    this.#queue.push({ tokens, deadline: this.#now + timeoutMs, index })
    this.outcomes.push('waiting')
    if (!this.#inTime(index)) this.#leave(index, 'false')
  }

  abort(index: number): void {
    if (this.outcomes[index] !== 'waiting') return
    this.#leave(index, 'aborted')
    this.#serve()
  }

  refund(tokens: number): void {
    this.#level = Math.min(this.#level + tokens * 1000, this.#capacity * 1000)
    this.#serve()
  }

  setLimit(rate: number, capacity: number): void {
    this.#rate = rate
    this.#capacity = capacity
    this.#level = Math.min(this.#level, capacity * 1000)
    for (const { tokens, index } of this.#queue) {
      if (tokens > capacity) this.#leave(index, 'RangeError')
      else if (!this.#inTime(index)) this.#leave(index, 'false')
    }
    this.#serve()
  }

  advance(ms: number): void {
    for (let step = 0; step < ms; step += 1) {
      this.#now += 1
      this.#level = Math.min(this.#level + this.#rate, this.#capacity * 1000)
      this.#serve()
    }
  }

  #inTime(index: number): boolean {
    const future = new NaiveBucket(this.#rate, this.#capacity)
    future.outcomes = [...this.outcomes]
    future.#now = this.#now
    future.#level = this.#level
    const end = this.#queue.findIndex((waiting) => waiting.index === index)
    future.#queue = this.#queue.slice(0, end + 1)
    const deadline = this.#queue[end]?.deadline ?? 0
    future.#serve()
    while (future.outcomes[index] === 'waiting' && future.#now < deadline) future.advance(1)
    return future.outcomes[index] === 'true'
  }

  #leave(index: number, outcome: Outcome): void {
    this.#queue = this.#queue.filter((waiting) => waiting.index !== index)
    this.outcomes[index] = outcome
  }

  #serve(): void {
    for (let [first] = this.#queue; first !== undefined && this.#level >= first.tokens * 1000; [first] = this.#queue) {
      this.#level -= first.tokens * 1000
      this.#leave(first.index, 'true')
    }
  }
}

const rate = fc.constantFrom(1000, 500, 250, 40, 8)
const tokens = fc.integer({ min: 1, max: 6 })
const step = fc.oneof(
  fc.record({ type: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ type: fc.constant('try' as const), tokens }),
  fc.record({
    type: fc.constant('acquire' as const),
    tokens,
    timeoutMs: fc.oneof(fc.constant(100_000), fc.integer({ min: 0, max: 200 })),
  }),
  fc.record({ type: fc.constant('abort' as const), index: fc.nat({ max: 12 }) }),
  fc.record({ type: fc.constant('refund' as const), tokens }),
  fc.record({ type: fc.constant('setLimit' as const), rate, capacity: fc.integer({ min: 4, max: 9 }) }),
)

test('TokenBucket decides as a bucket does that is filled millisecond by millisecond', async () => {
  await fc.assert(
    fc.asyncProperty(rate, fc.array(step, { maxLength: 40 }), async (startRate, steps) => {
      const clock = new ManualClock()
      const bucket = new TokenBucket({ rate: startRate, capacity: 6, clock })
      const model = new NaiveBucket(startRate, 6)
      let capacity = 6
      const outcomes: Outcome[] = []
      const controllers: AbortController[] = []
      for (const action of steps) {
        if ('tokens' in action && action.tokens > capacity) continue
        switch (action.type) {
          case 'advance':
            await clock.advance(action.ms)
            model.advance(action.ms)
            break
          case 'try':
            expect(bucket.tryAcquire(action.tokens)).toBe(model.tryAcquire(action.tokens))
            break
          case 'acquire': {
            const index = outcomes.push('waiting') - 1
            const controller = new AbortController()
            controllers.push(controller)
            bucket.acquire(action.tokens, { timeoutMs: action.timeoutMs, signal: controller.signal }).then(
              (granted) => (outcomes[index] = `${granted}`),
              (error: unknown) => (outcomes[index] = error instanceof RangeError ? 'RangeError' : 'aborted'),
            )
            model.acquire(action.tokens, action.timeoutMs)
            break
          }
          case 'abort':
            controllers[action.index]?.abort()
            model.abort(action.index)
            break
          case 'refund':
            bucket.refund(action.tokens)
            model.refund(action.tokens)
            break
          case 'setLimit':
            capacity = action.capacity
            bucket.setLimit(action)
            model.setLimit(action.rate, action.capacity)
            break
        }
        await settled()
        expect(outcomes).toEqual(model.outcomes)
        expect(bucket.peek().remaining).toBe(model.remaining)
        expect(clock.timers.size).toBe(model.outcomes.includes('waiting') ? 1 : 0)
      }
    }),
    { numRuns: 150 },
  )
})
