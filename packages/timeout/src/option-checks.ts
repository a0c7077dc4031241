/** Throws unless `value` is a number of milliseconds that can be waited for; `Infinity` is one. */
export function checkDuration(name: string, value: number): void {
  const isNumber = typeof value === 'number'
  if (isNumber && value >= 0) return
  throw new (isNumber ? RangeError : TypeError)(`${name} must be a number >= 0, received ${shown(value)}`)
}

/** Throws a `TypeError` unless all of `methods` are functions of `value`. */
export function checkMethods<T>(name: string, value: T, methods: readonly (keyof T & string)[]): void {
  for (const method of methods) {
    const type = typeof value?.[method]
    if (type !== 'function') throw new TypeError(`${name}.${method} must be a function, received ${type}`)
  }
}

/** A value as a message shows it. `String` alone throws for an object without a prototype. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value)
  if (typeof value === 'object' || typeof value === 'function') return typeof value
  const primitive = value as bigint | boolean | string | symbol
  return `${String(primitive)} (${typeof primitive})`
}
