import { checkNumber } from './check-option.ts'
import { checkClock, systemClock, type Clock } from './clock.ts'
import { hedgedRun } from './hedged-run.ts'
import type { Policy } from './policy.ts'
import { RecentLatencies } from './recent-latencies.ts'
import { WaitingLine } from './waiting-line.ts'

/** A delay that follows the latencies there are. */
export interface HedgeDelay {
  /** Hedge what takes longer than this share of the last 100 calls, in (0, 1): 0.95 hedges about one in twenty. */
  readonly quantile: number
  /** The delay until enough latencies are known, in milliseconds. */
  readonly fallbackMs: number
}

/** When to call again, and how often. */
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
 * @throws RangeError for a number out of its range, TypeError for what is no number.
 * @example
 * ```ts
 * const quick = hedge({ delayMs: { quantile: 0.95, fallbackMs: 200 } })
 * const answer = await quick.execute(({ signal }) => fetch(url, { signal }))
 * ```
 */
export function hedge({ delayMs, maxHedges = 1, clock = systemClock }: HedgeOptions): Policy {
  checkNumber('maxHedges', maxHedges, 'an integer >= 1', (value) => Number.isInteger(value) && value >= 1)
  checkClock(clock)
  const { latencies, fallbackMs } = delayOf(delayMs)
  const line = new WaitingLine<() => void>(clock, (start) => start())

  return {
    kind: 'hedge',
    async execute(fn, options) {
      const signal = options?.signal
      signal?.throwIfAborted()
      const startedAt = latencies === undefined ? 0 : clock.now()
      return hedgedRun(fn, {
        maxHedges,
        delayMs: latencies?.value ?? fallbackMs,
        line,
        signal,
        // A first call that lost is at least this late. To leave it out would make the delay shrink for ever.
        onLatency: latencies && (() => latencies.add(clock.now() - startedAt)),
      })
    },
  }
}

function delayOf(delayMs: number | HedgeDelay): { latencies: RecentLatencies | undefined; fallbackMs: number } {
  if (typeof delayMs !== 'object' || delayMs === null || Array.isArray(delayMs)) {
    checkNumber('delayMs', delayMs, 'a number >= 0', (value) => value >= 0)
    return { latencies: undefined, fallbackMs: delayMs }
  }
  const { quantile, fallbackMs } = delayMs
  checkNumber('delayMs.quantile', quantile, 'a number > 0 and < 1', (value) => value > 0 && value < 1)
  checkNumber('delayMs.fallbackMs', fallbackMs, 'a number >= 0', (value) => value >= 0)
  return { latencies: new RecentLatencies(quantile), fallbackMs }
}
