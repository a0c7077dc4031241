/** Checks of options, made when the object that takes them is. */

export function checkInteger(name: string, value: unknown, min: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be an integer >= ${min}, received ${typeof value}`)
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`${name} must be an integer >= ${min}, received ${value}`)
  }
}

export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be a boolean, received ${typeof value}`)
}
