/** @throws TypeError if `value` is no number, RangeError if it is one against the rule. */
export function checkNumber(
  option: string,
  value: unknown,
  rule: string,
  holds: (value: number) => boolean,
): asserts value is number {
  if (typeof value === 'number' && holds(value)) return
  const message = `${option} must be ${rule}, received ${show(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** @throws TypeError if `value` is no function. */
export function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${option} must be a function, received ${show(value)}`)
}

/** A received value for a message, with its type where it could be taken for another; of any value, without throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value)} (string)`
  if (typeof value === 'bigint') return `${value} (bigint)`
  if (Array.isArray(value)) return `an array of length ${value.length}`
  if (typeof value === 'object' && value !== null) return `an object with keys [${Object.keys(value).join(', ')}]`
  return String(value)
}
