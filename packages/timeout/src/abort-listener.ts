import { checkMethods } from './option-checks.ts'

/** Something that wants to know when a signal is aborted. */
export interface AbortWaiter {
  /** Must not throw. */
  aborted(reason: unknown): void
}

// The waiters of a signal share one listener: a thousand calls on one signal add one, not a thousand.
const waitersOf = new WeakMap<EventTarget, Set<AbortWaiter>>()

function onAbort({ target }: Event): void {
  const signal = target as AbortSignal
  const waiters = waitersOf.get(signal)
  waitersOf.delete(signal)
  for (const waiter of waiters ?? []) waiter.aborted(signal.reason)
}

/** Tells `waiter` when `signal`, which is not aborted yet, is. Throws a `TypeError` for what is no signal. */
export function listen(signal: AbortSignal, waiter: AbortWaiter): void {
  let waiters = waitersOf.get(signal)
  if (waiters === undefined) {
    checkMethods('signal', signal, ['addEventListener', 'removeEventListener'])
    signal.addEventListener('abort', onAbort, { once: true })
    waiters = new Set()
    waitersOf.set(signal, waiters)
  }
  waiters.add(waiter)
}

/** Forgets `waiter`, and takes the listener off the signal with the last one. */
export function unlisten(signal: AbortSignal, waiter: AbortWaiter): void {
  const waiters = waitersOf.get(signal)
  if (waiters?.delete(waiter) && waiters.size === 0) {
    waitersOf.delete(signal)
    signal.removeEventListener('abort', onAbort)
  }
}
