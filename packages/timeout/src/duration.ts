/** Throws unless `value` is a number of milliseconds that can be waited for; `Infinity` is one. */
export function checkDuration(name: string, value: number): void {
  const isNumber = typeof value === 'number'
  if (isNumber && value >= 0) return
  throw new (isNumber ? RangeError : TypeError)(`${name} must be a number >= 0, received ${value}`)
}
