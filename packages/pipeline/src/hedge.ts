import { systemClock, type Clock } from './clock.ts'
import { onAbort } from './on-abort.ts'
import type { ExecuteOptions, Policy, PolicyContext } from './policy.ts'
import { RecentLatencies } from './recent-latencies.ts'
import { WaitingLine, type Place } from './waiting-line.ts'

export interface HedgeDelay {
  /** Hedge what takes longer than this share of the last 100 calls, in (0, 1): 0.95 hedges about one in twenty. */
  readonly quantile: number
  /** The delay until enough latencies are known, in milliseconds. */
  readonly fallbackMs: number
}

export interface HedgeOptions {
  /** How long to wait for an answer before the next call starts, in milliseconds. */
  readonly delayMs: number | HedgeDelay
  /** How many calls may be added to the first one. @default 1 */
  readonly maxHedges?: number | undefined
  /** @default the platform's clock */
  readonly clock?: Clock | undefined
}

/**
 * Calls again when an answer is late, or at once when a call fails, and takes the first success; the others are
 * aborted. If all fail, the first error is thrown. For idempotent work only: the same work may be done twice.
 * After J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
 *
 * @throws RangeError for a number out of its range.
 * @example
 * ```ts
 * const quick = hedge({ delayMs: { quantile: 0.95, fallbackMs: 200 } })
 * const answer = await quick.execute(({ signal }) => fetch(url, { signal }))
 * ```
 */
export function hedge({ delayMs, maxHedges = 1, clock = systemClock }: HedgeOptions): Policy {
  if (!Number.isInteger(maxHedges) || maxHedges < 1) {
    throw new RangeError(`maxHedges must be an integer >= 1, received ${String(maxHedges)}`)
  }
  const latencies = typeof delayMs === 'object' ? new RecentLatencies(checkedQuantile(delayMs)) : undefined
  const fallbackMs = typeof delayMs === 'object' ? delayMs.fallbackMs : delayMs
  if (!(typeof fallbackMs === 'number' && fallbackMs >= 0)) {
    const option = latencies === undefined ? 'delayMs' : 'delayMs.fallbackMs'
    throw new RangeError(`${option} must be a number >= 0, received ${String(fallbackMs)}`)
  }
  const line = new WaitingLine<() => void>(clock, (start) => start())

  return {
    kind: 'hedge',
    execute: <T>(fn: Fn<T>, options?: ExecuteOptions): Promise<T> => {
      const signal = options?.signal
      if (signal?.aborted === true) return Promise.reject(signal.reason)
      return new Promise<T>((resolve, reject) => {
        const first = new HedgedCall()
        const running = new Set<HedgedCall>()
        const startedAt = latencies === undefined ? 0 : clock.now()
        const errors: unknown[] = []
        let hedges = maxHedges
        let next: Place<() => void> | undefined
        let over = false

        const hold = (): void => {
          if (next !== undefined) line.leave(next)
          next = undefined
        }
        const end = (): void => {
          over = true
          hold()
          stopListening?.()
        }
        const start = (call: HedgedCall): void => {
          running.add(call)
          next = hedges > 0 ? line.join(startHedge, latencies?.value ?? fallbackMs) : undefined
          attempt(fn, call).then(
            (value) => succeed(call, value),
            (error: unknown) => fail(call, error),
          )
        }
        const startHedge = (): void => {
          hedges -= 1
          start(new HedgedCall())
        }
        const succeed = (call: HedgedCall, value: T): void => {
          if (over) return
          // A first call that lost is at least this late. To leave it out would make the delay shrink for ever.
          if (running.has(first)) latencies?.add(clock.now() - startedAt)
          running.delete(call)
          end()
          for (const loser of running) loser.abort()
          resolve(value)
        }
        const fail = (call: HedgedCall, error: unknown): void => {
          running.delete(call)
          if (over || signal?.aborted === true) return
          errors.push(error)
          hold()
          if (hedges > 0) return startHedge()
          if (running.size > 0) return
          end()
          reject(errors[0])
        }
        const stopListening =
          signal &&
          onAbort(signal, () => {
            hold()
            for (const call of running) call.abort(signal.reason)
            // Not at once: a call that has already resolved is not to lose its value.
            queueMicrotask(() => {
              if (over) return
              end()
              reject(signal.reason)
            })
          })
        start(first)
      })
    },
  }
}

type Fn<T> = (context: PolicyContext) => T | PromiseLike<T>

/** One of the calls: its signal is its own, since the others go on when it is aborted. */
class HedgedCall implements PolicyContext {
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal
  }

  abort(reason?: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }
}

function attempt<T>(fn: Fn<T>, context: PolicyContext): Promise<T> {
  try {
    return Promise.resolve(fn(context))
  } catch (error) {
    return Promise.reject(error)
  }
}

function checkedQuantile({ quantile }: HedgeDelay): number {
  if (quantile > 0 && quantile < 1) return quantile
  throw new RangeError(`delayMs.quantile must be a number > 0 and < 1, received ${String(quantile)}`)
}
