/** @throws TypeError if `value` is no number, RangeError if it is one against the rule. */
export function checkNumber(option: string, value: unknown, rule: string, holds: (value: number) => boolean): void {
  if (typeof value === 'number' && holds(value)) return
  const message = `${option} must be ${rule}, received ${String(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** @throws TypeError if `value` is no function. */
export function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${option} must be a function, received ${String(value)}`)
}
