import { systemClock, type Clock } from './clock.ts'
import { TimeoutError } from './timeout-error.ts'

export interface TimeoutContext {
  readonly signal: AbortSignal
}

export interface TimeoutOptions {
  timeoutMs: number
  clock?: Clock
}

export async function withTimeout<T>(
  fn: (context: TimeoutContext) => T | PromiseLike<T>,
  { timeoutMs, clock = systemClock }: TimeoutOptions,
): Promise<T> {
  const controller = new AbortController()
  let handle: unknown
  const late = new Promise<never>((_, reject) => {
    handle = clock.setTimeout(() => {
      const error = new TimeoutError(timeoutMs)
      reject(error)
      controller.abort(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([fn({ signal: controller.signal }), late])
  } finally {
    clock.clearTimeout(handle)
  }
}
