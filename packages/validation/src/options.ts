/** Checks of options and arguments, made where they are given. */

export function checkInteger(name: string, value: unknown, min: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be an integer >= ${min}, received ${typeOf(value)}`)
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`${name} must be an integer >= ${min}, received ${value}`)
  }
}

export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be a boolean, received ${typeOf(value)}`)
}

export function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string, received ${typeOf(value)}`)
}

export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${name} must be an object, received ${typeOf(value)}`)
  }
}

export function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}
