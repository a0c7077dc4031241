import { BulkheadFullError } from './bulkhead-full-error.ts'
import { CallContext } from './call-context.ts'
import { checkNumber } from './check-option.ts'
import { checkClock, systemClock, type Clock } from './clock.ts'
import { onAbort } from './on-abort.ts'
import type { Policy } from './policy.ts'
import { WaitingLine } from './waiting-line.ts'

/** How many may run, how many may wait, and how long. */
export interface BulkheadOptions {
  /** How many calls may run at a time. */
  readonly maxConcurrent: number
  /** How many more may wait for a place; `Infinity` for any number. @default 0 */
  readonly maxQueue?: number | undefined
  /** How long one may wait, in milliseconds. @default Infinity */
  readonly queueTimeoutMs?: number | undefined
  /** @default the platform's clock */
  readonly clock?: Clock | undefined
}

/** What `bulkhead` makes: a policy that tells how full it is. */
export interface Bulkhead extends Policy {
  readonly kind: 'bulkhead'
  /** How many calls are running. */
  readonly active: number
  /** How many are waiting. */
  readonly queued: number
}

/**
 * Lets a limited number of calls run at a time; the next ones wait in a line, first come, first served, and the rest
 * is refused. Named for the walls that keep one leak from sinking the ship (M. Nygard, "Release It!", 2007).
 *
 * @throws RangeError for a number out of its range, TypeError for what is no number.
 * @example
 * ```ts
 * const database = bulkhead({ maxConcurrent: 10, maxQueue: 50, queueTimeoutMs: 1_000 })
 * const rows = await database.execute(({ signal }) => query(sql, { signal }))
 * ```
 */
export function bulkhead(options: BulkheadOptions): Bulkhead {
  const { maxConcurrent, maxQueue = 0, queueTimeoutMs = Infinity, clock = systemClock } = options
  checkNumber('maxConcurrent', maxConcurrent, 'an integer >= 1', (value) => Number.isInteger(value) && value >= 1)
  checkNumber(
    'maxQueue',
    maxQueue,
    'an integer >= 0 or Infinity',
    (value) => value >= 0 && (Number.isInteger(value) || value === Infinity),
  )
  checkNumber('queueTimeoutMs', queueTimeoutMs, 'a number > 0', (value) => value > 0)
  checkClock(clock)

  const line = new WaitingLine<Waiter>(clock, (waiter) => waiter.giveUp())
  let active = 0
  /** Of those: how many are to start in the next turn. */
  let starting = 0

  // A place goes from hand to hand: it is never free while somebody waits, so that no newcomer can take it.
  const release = (): void => {
    const next = line.shift()
    if (next === undefined) active -= 1
    else next.enter()
  }

  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      let stopListening: (() => void) | undefined
      const place = line.join(
        {
          enter: () => {
            starting += 1
            stopListening?.()
            resolve()
          },
          giveUp: () => {
            stopListening?.()
            // Another listener on the signal may have kept its abort from this one.
            if (signal?.aborted === true) reject(signal.reason)
            else reject(new BulkheadFullError(`No place came free within ${queueTimeoutMs} ms`))
          },
        },
        queueTimeoutMs,
      )
      try {
        stopListening =
          signal &&
          onAbort(signal, () => {
            line.leave(place)
            reject(signal.reason)
          })
      } catch (error) {
        // What is no signal: nobody is to be left in the line who cannot enter.
        line.leave(place)
        throw error
      }
    })

  return {
    kind: 'bulkhead',
    get active() {
      return active
    },
    get queued() {
      return line.size
    },
    async execute(fn, callOptions) {
      const signal = callOptions?.signal
      signal?.throwIfAborted()
      if (active < maxConcurrent) {
        active += 1
        if (starting > 0) {
          // Behind those who were handed a place in this very turn.
          starting += 1
          await Promise.resolve()
          starting -= 1
        }
      } else if (line.size < maxQueue) {
        await turn(signal)
        starting -= 1
      } else {
        throw new BulkheadFullError(`${active} calls are running and ${line.size} are waiting`)
      }
      try {
        // Between the handing over of a place and this line there is a moment for an abort.
        signal?.throwIfAborted()
        return await fn(new CallContext(signal))
      } finally {
        release()
      }
    },
  }
}

interface Waiter {
  readonly enter: () => void
  readonly giveUp: () => void
}
