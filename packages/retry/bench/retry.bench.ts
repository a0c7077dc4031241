import { readFileSync } from 'node:fs'
import { RetryPolicy, retry } from '@aplomb/retry'
import asyncRetry from 'async-retry'
import { ConstantBackoff, handleAll, retry as cockatielRetry } from 'cockatiel'
import pRetry from 'p-retry'
import { sideBySide, type Candidate } from '../../../scripts/side-by-side.ts'

const peers = ['cockatiel', 'p-retry', 'async-retry'].map((name) => `${name} ${version(name)}`)
console.log(`Node ${process.versions.node}, ${peers.join(', ')}`)

const succeed = async (): Promise<number> => 42
const policy = new RetryPolicy()
const options = { maxRetries: 3 }
const { signal } = new AbortController()
const timed = new RetryPolicy({ attemptTimeoutMs: 5_000 })
const cockatiel = cockatielRetry(handleAll, { maxAttempts: 3 })
const pRetryOptions = { retries: 3 }

await sideBySide({
  title: 'The first try succeeds',
  candidates: {
    'await fn()': times(succeed),
    'RetryPolicy.execute(fn)': times(() => policy.execute(succeed)),
    'retry(fn)': times(() => retry(succeed)),
    'retry(fn, options)': times(() => retry(succeed, options)),
    'RetryPolicy, signal': times(() => policy.execute(succeed, { signal })),
    'RetryPolicy, attemptTimeoutMs': times(() => timed.execute(succeed)),
    cockatiel: times(() => cockatiel.execute(succeed)),
    'p-retry': times(() => pRetry(succeed, pRetryOptions)),
    'async-retry': times(() => asyncRetry(succeed, pRetryOptions)),
  },
})

const error = Object.assign(new Error('passing'), { retryable: true })
const noDelay = new RetryPolicy({ initialDelayMs: 0 })
const cockatielNoDelay = cockatielRetry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(0) })
const pRetryNoDelay = { retries: 3, minTimeout: 0 }

await sideBySide({
  title: 'Three failures without a delay, then success',
  candidates: {
    'raw loop': times(() => rawLoop(thirdTimeLucky())),
    RetryPolicy: times(() => noDelay.execute(thirdTimeLucky())),
    cockatiel: times(() => cockatielNoDelay.execute(thirdTimeLucky())),
    'p-retry': times(() => pRetry(thirdTimeLucky(), pRetryNoDelay)),
  },
})

function thirdTimeLucky(): () => Promise<number> {
  let left = 3
  return async () => {
    left -= 1
    if (left >= 0) throw error
    return 42
  }
}

async function rawLoop(fn: () => Promise<number>): Promise<number> {
  for (let retries = 0; ; retries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- attempts follow one another
      return await fn()
    } catch (thrown) {
      if (retries === 3) throw thrown
    }
  }
}

function times(fn: () => Promise<unknown>): Candidate {
  return async (count) => {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
    for (let done = 0; done < count; done += 1) await fn()
  }
}

function version(name: string): string {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')).version
}
