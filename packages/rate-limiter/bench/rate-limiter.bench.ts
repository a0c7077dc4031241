/* oxlint-disable no-await-in-loop -- what is measured happens in sequence */
import { readFileSync } from 'node:fs'
import { RateLimiter, TokenBucket } from '@aplomb/rate-limiter'
import Bottleneck from 'bottleneck'
import { RateLimiter as LimiterRateLimiter, TokenBucket as LimiterTokenBucket } from 'limiter'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { sideBySide, type Candidate } from '../../../scripts/side-by-side.ts'

const versions = ['bottleneck', 'limiter', 'rate-limiter-flexible'].map((name) => {
  const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${name} ${(JSON.parse(text) as { version: string }).version}`
})
console.log(`node ${process.versions.node}, ${versions.join(', ')}`)

function sync(operation: () => unknown): Candidate {
  return (times) => {
    for (let index = 0; index < times; index += 1) operation()
  }
}

function awaited(operation: () => Promise<unknown>): Candidate {
  return async (times) => {
    for (let index = 0; index < times; index += 1) await operation()
  }
}

const plenty = { rate: 1_000_000, capacity: 1_000_000_000 }
const scarce = { rate: 1 / 86_400, capacity: 1 }

const openBucket = new TokenBucket(plenty)
const openLimiter = new RateLimiter({ limits: plenty })
const openPair = new RateLimiter({ limits: [plenty, { quota: 1e9, windowMs: 60_000, type: 'fixed' }] })
const openFlexible = new RateLimiterMemory({ points: 1e9, duration: 60 })
const openOther = new LimiterRateLimiter({ tokensPerInterval: 1e9, interval: 'second' })
const openBottleneck = new Bottleneck({ reservoir: 1e9 })

await sideBySide({
  title: 'a hot key, allowed',
  candidates: {
    'RateLimiter.tryAcquire': sync(() => openLimiter.tryAcquire('key')),
    'performance.now() alone': sync(() => performance.now()),
    'TokenBucket.tryAcquire': sync(() => openBucket.tryAcquire()),
    'RateLimiter.tryAcquire, two limits': sync(() => openPair.tryAcquire('key')),
    'limiter tryRemoveTokens': sync(() => openOther.tryRemoveTokens(1)),
    'RateLimiter.check': awaited(() => openLimiter.check('key')),
    'rate-limiter-flexible consume': awaited(() => openFlexible.consume('key')),
    'bottleneck schedule, a timer each': awaited(() => openBottleneck.schedule(() => Promise.resolve())),
  },
})

const shutBucket = new TokenBucket(scarce)
const shutLimiter = new RateLimiter({ limits: scarce })
const shutFlexible = new RateLimiterMemory({ points: 1, duration: 86_400 })
const shutOther = new LimiterRateLimiter({ tokensPerInterval: 1, interval: 'day' })
shutBucket.tryAcquire()
shutLimiter.tryAcquire('key')
shutOther.tryRemoveTokens(1)
await shutFlexible.consume('key')

await sideBySide({
  title: 'a hot key, denied',
  candidates: {
    'RateLimiter.tryAcquire': sync(() => shutLimiter.tryAcquire('key')),
    'TokenBucket.tryAcquire': sync(() => shutBucket.tryAcquire()),
    'limiter tryRemoveTokens': sync(() => shutOther.tryRemoveTokens(1)),
    'RateLimiter.check': awaited(() => shutLimiter.check('key')),
    'rate-limiter-flexible consume': awaited(() => shutFlexible.consume('key').catch(() => false)),
  },
})

const keys = Array.from({ length: 200_000 }, (_, index) => `user:${index}`)
const perKey = { rate: 1000, capacity: 1000 }
const manyOurs = new RateLimiter({ limits: perKey, maxKeys: 1_000_000 })
const manyFlexible = new RateLimiterMemory({ points: 1e9, duration: 86_400 })
const anyKey = (): string => keys[Math.floor(Math.random() * keys.length)] ?? ''
for (const key of keys) {
  manyOurs.tryAcquire(key)
  await manyFlexible.consume(key)
}

await sideBySide({
  title: '200,000 keys, warm, in random order',
  rounds: 20,
  candidates: {
    'RateLimiter.tryAcquire': sync(() => manyOurs.tryAcquire(anyKey())),
    'RateLimiter.check': awaited(() => manyOurs.check(anyKey())),
    'rate-limiter-flexible consume': awaited(() => manyFlexible.consume(anyKey())),
  },
})

const heapOf = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
console.log('\nbytes a key at 200,000 keys, without the keys, and the slowest single operation on the way')
const stores: Record<string, () => [kept: unknown, use: (key: string) => unknown]> = {
  RateLimiter: () => {
    const limiter = new RateLimiter({ limits: perKey, maxKeys: 1_000_000 })
    return [limiter, (key) => limiter.tryAcquire(key)]
  },
  'rate-limiter-flexible': () => {
    const limiter = new RateLimiterMemory({ points: 1000, duration: 86_400 })
    return [limiter, (key) => limiter.consume(key)]
  },
}
const kept: unknown[] = []
for (const [name, make] of Object.entries(stores)) {
  const before = heapOf()
  const [limiter, use] = make()
  kept.push(limiter)
  let slowest = 0
  for (const key of keys) {
    const start = performance.now()
    use(key)
    slowest = Math.max(slowest, performance.now() - start)
  }
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  const bytes = (heapOf() - before) / keys.length
  console.log(`  ${name.padEnd(22)}  ${bytes.toFixed(0).padStart(4)} bytes  ${slowest.toFixed(1).padStart(5)} ms`)
}

console.log('\n10,000 waiters at 10,000 a second, one second of tokens')
const waiting: Record<string, () => Promise<unknown>> = {
  'TokenBucket.acquire': () => {
    const bucket = new TokenBucket({ rate: 10_000, capacity: 1, maxQueue: 20_000 })
    return Promise.all(Array.from({ length: 10_000 }, () => bucket.acquire()))
  },
  'limiter TokenBucket.removeTokens': () => {
    const bucket = new LimiterTokenBucket({ bucketSize: 100, tokensPerInterval: 10_000, interval: 'second' })
    return Promise.all(Array.from({ length: 10_000 }, () => bucket.removeTokens(1)))
  },
}
for (const [name, run] of Object.entries(waiting)) {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await run()
  const { user, system } = process.cpuUsage(cpu)
  const [seconds, used] = [(performance.now() - start) / 1000, (user + system) / 1000]
  console.log(`  ${name.padEnd(32)}  ${seconds.toFixed(3)} s  ${used.toFixed(0).padStart(5)} ms of processor time`)
}
