/** Throws a `TypeError` that names what breaks which rule, with the value received. */
export function checkShape(name: string, value: unknown, rule: string, rightShape: boolean): void {
  if (!rightShape) throw new TypeError(`${name} must be ${rule}, received ${show(value)}`)
}

export function checkObject(name: string, value: unknown): void {
  checkShape(name, value, 'an object', typeof value === 'object' && value !== null)
}

export function checkFunction(name: string, value: unknown): void {
  checkShape(name, value, 'a function', typeof value === 'function')
}

/** As `checkShape`, with a `RangeError` for a number out of range. */
export function checkNumber(name: string, value: unknown, rule: string, inRange: (value: number) => boolean): void {
  checkShape(name, value, rule, typeof value === 'number')
  if (!inRange(value as number)) throw new RangeError(`${name} must be ${rule}, received ${show(value)}`)
}

export function checkInteger(name: string, value: unknown, most: number = Number.MAX_SAFE_INTEGER): void {
  checkNumber(name, value, 'an integer >= 1', (count) => Number.isInteger(count) && count >= 1)
  checkNumber(name, value, `an integer <= ${most}`, (count) => count <= most)
}

/** A value as a message shows it. An object is not asked, for it may answer anything. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
