/** A promise of anybody's making. */
export function isThenable(value: unknown): value is PromiseLike<never> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
