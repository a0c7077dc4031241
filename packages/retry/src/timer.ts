import type { Clock } from './clock.ts'

/** The longest delay that platform timers hold; a longer one fires at once (HTML standard and Node alike). */
const longestTimerMs = 2 ** 31 - 1

/** Calls `fn` once after `ms`, however long that is. Returns what cancels it. */
export function startTimer(clock: Clock, ms: number, fn: () => void): () => void {
  let handle: unknown
  const arm = (leftMs: number): void => {
    const chunkMs = Math.min(leftMs, longestTimerMs)
    handle = clock.setTimeout(() => (leftMs > chunkMs ? arm(leftMs - chunkMs) : fn()), chunkMs)
  }
  arm(ms)
  return () => clock.clearTimeout(handle)
}
