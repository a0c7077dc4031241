/** Throws unless `value` is a number of milliseconds that can be waited for; `Infinity` is one. */
export function checkDuration(name: string, value: number): void {
  if (value >= 0 && typeof value === 'number') return
  const problem = `${name} must be a number of milliseconds >= 0, received ${String(value)}`
  throw typeof value === 'number' ? new RangeError(problem) : new TypeError(problem)
}
