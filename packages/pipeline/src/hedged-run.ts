import { onAbort } from './on-abort.ts'
import type { PolicyContext } from './policy.ts'
import type { Place, WaitingLine } from './waiting-line.ts'

export interface HedgedRunOptions {
  /** How many calls may be added to the first one. */
  readonly maxHedges: number
  /** How long each call may take before the next one is added. */
  readonly delayMs: number
  /** Where all runs of one policy wait for their next call to start. */
  readonly line: WaitingLine<() => void>
  /** The caller's. */
  readonly signal: AbortSignal | undefined
  /** Called on success, unless the first call has failed. */
  readonly onLatency: (() => void) | undefined
}

/** One `execute` of a hedge: resolves with the first success, or rejects with the first error when all have failed. */
export function hedgedRun<T>(
  fn: (context: PolicyContext) => T | PromiseLike<T>,
  { maxHedges, delayMs, line, signal, onLatency }: HedgedRunOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const first = new HedgedCall()
    const running = new Set<HedgedCall>()
    const errors: unknown[] = []
    let hedgesLeft = maxHedges
    let next: Place<() => void> | undefined
    let over = false

    const start = (call: HedgedCall): void => {
      running.add(call)
      next = hedgesLeft > 0 ? line.join(startHedge, delayMs) : undefined
      attempt(fn, call).then(
        (value) => succeed(call, value),
        (error: unknown) => fail(call, error),
      )
    }

    const startHedge = (): void => {
      next = undefined
      if (signal?.aborted === true) return cancel()
      hedgesLeft -= 1
      start(new HedgedCall())
    }

    const succeed = (winner: HedgedCall, value: T): void => {
      if (over) return
      if (running.has(first)) onLatency?.()
      running.delete(winner)
      end()
      for (const loser of running) loser.abort()
      resolve(value)
    }

    const fail = (call: HedgedCall, error: unknown): void => {
      running.delete(call)
      if (over) return
      // Not left to the listener: another one on the caller's signal may have kept the event from it.
      if (signal?.aborted === true) return cancel()
      errors.push(error)
      cancelNext()
      if (hedgesLeft > 0) return startHedge()
      if (running.size > 0) return
      end()
      reject(errors[0])
    }

    const cancel = (): void => {
      for (const call of running) call.abort(signal?.reason)
      // Not at once: a call that has already resolved is not to lose its value.
      queueMicrotask(() => {
        if (over) return
        end()
        reject(signal?.reason)
      })
    }

    const end = (): void => {
      over = true
      cancelNext()
      stopListening?.()
    }

    const cancelNext = (): void => {
      if (next !== undefined) line.leave(next)
      next = undefined
    }

    const stopListening = signal && onAbort(signal, cancel)
    start(first)
  })
}

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

/** What a native promise resolves with is seen in the very next turn, before an abort that comes after it. */
function attempt<T>(fn: (context: PolicyContext) => T | PromiseLike<T>, context: PolicyContext): Promise<T> {
  try {
    return Promise.resolve(fn(context))
  } catch (error) {
    return Promise.reject(error)
  }
}
