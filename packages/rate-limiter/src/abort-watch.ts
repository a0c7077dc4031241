/** Who is to hear of each signal's abort: one listener a signal, for all queues of this package together. */
const watchers = new WeakMap<AbortSignal, Set<() => void>>()

function tell({ currentTarget }: Event): void {
  for (const watcher of watchers.get(currentTarget as AbortSignal) ?? []) watcher()
}

export function watch(signal: AbortSignal, watcher: () => void): void {
  let all = watchers.get(signal)
  if (all === undefined) {
    all = new Set()
    watchers.set(signal, all)
    signal.addEventListener('abort', tell)
  }
  all.add(watcher)
}

export function unwatch(signal: AbortSignal, watcher: () => void): void {
  const all = watchers.get(signal)
  all?.delete(watcher)
  if (all?.size !== 0) return
  watchers.delete(signal)
  signal.removeEventListener('abort', tell)
}
