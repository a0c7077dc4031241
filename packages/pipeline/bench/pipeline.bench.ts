import {
  fallback,
  hedge,
  bulkhead,
  pipeline,
  type ExecuteOptions,
  type Policy,
  type PolicyContext,
} from '@aplomb/pipeline'
import { sideBySide, type Candidate } from '../../../scripts/side-by-side.ts'

/** The least that a policy can do: what a pipeline of these costs beyond the same calls by hand is the pipeline's own. */
class Bare implements Policy {
  readonly kind = 'bare'

  execute<T>(fn: (context: PolicyContext) => T | PromiseLike<T>, options?: ExecuteOptions): Promise<T> {
    return fn(new BareContext(options)) as Promise<T>
  }
}

class BareRetry implements Policy<PolicyContext & { readonly attempt: number }> {
  readonly kind = 'retry'

  execute<T>(
    fn: (context: PolicyContext & { readonly attempt: number }) => T | PromiseLike<T>,
    options?: ExecuteOptions,
  ): Promise<T> {
    return fn({ attempt: 1, signal: options?.signal ?? never }) as Promise<T>
  }
}

const never = new AbortController().signal

class BareContext implements PolicyContext {
  readonly #options: ExecuteOptions | undefined

  constructor(options: ExecuteOptions | undefined) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#options?.signal ?? never
  }
}

const call = async (): Promise<number> => 42

const repeat =
  (run: () => Promise<unknown>): Candidate =>
  async (times) => {
    // oxlint-disable-next-line no-await-in-loop -- one call after another is what is measured
    for (let i = 0; i < times; i += 1) await run()
  }

console.log(`Node ${process.version}; the yardstick is the same policies nested by hand`)

const [a, b, c, d] = [new Bare(), new Bare(), new Bare(), new Bare()]
const retry = new BareRetry()
const one = pipeline([a])
const four = pipeline([a, b, c, d])
const merging = pipeline([a, retry, c, d])

await sideBySide({
  title: 'pipeline over policies that cost nothing, against the same policies nested by hand',
  candidates: {
    'await fn()': repeat(call),
    '1 policy, by hand': repeat(() => a.execute(call)),
    '1 policy, pipeline': repeat(() => one.execute(call)),
    '4 policies, by hand': repeat(() =>
      a.execute((x) =>
        b.execute((y) => c.execute((z) => d.execute(call, { signal: z.signal }), { signal: y.signal }), {
          signal: x.signal,
        }),
      ),
    ),
    '4 policies, pipeline': repeat(() => four.execute(call)),
    '4 policies, pipeline, a field to merge': repeat(() => merging.execute(call)),
  },
})

const answering = fallback({ to: () => 0 })
const limiting = bulkhead({ maxConcurrent: 10 })
const hedging = hedge({ delayMs: 1_000 })
const measuring = hedge({ delayMs: { quantile: 0.95, fallbackMs: 1_000 } })

await sideBySide({
  title: 'policies of this package, on a success',
  candidates: {
    'await fn()': repeat(call),
    fallback: repeat(() => answering.execute(call)),
    bulkhead: repeat(() => limiting.execute(call)),
    hedge: repeat(() => hedging.execute(call)),
    'hedge, quantile': repeat(() => measuring.execute(call)),
  },
})
