/** Refuses what is no whole number of at least `min`. */
export function checkInteger(name: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return
  throw refusal(name, `an integer >= ${min}`, value)
}

/** Refuses what is no finite number above 0. */
export function checkPositive(name: string, value: number): void {
  if (typeof value === 'number' && value > 0 && value < Infinity) return
  throw refusal(name, 'a finite number > 0', value)
}

/** Refuses what is no number from 0 to `max`. */
export function checkDuration(name: string, value: number, max: number = Infinity): void {
  if (typeof value === 'number' && value >= 0 && value <= max) return
  throw refusal(name, `a number from 0 to ${max}`, value)
}

export function checkKey(key: string): void {
  if (typeof key !== 'string') throw new TypeError(`key must be a string, received ${typeof key}`)
}

/** Refuses what is no whole number of tokens that `capacity` can hold. */
export function checkTokens(tokens: number, capacity: number): void {
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= capacity) return
  throw refusal('tokens', `an integer from 0 to ${capacity}, the capacity`, tokens)
}

/** `TypeError` for what is no number at all, `RangeError` for the wrong one. */
function refusal(name: string, rule: string, value: unknown): Error {
  if (typeof value === 'number') return new RangeError(`${name} must be ${rule}, received ${value}`)
  return new TypeError(
    `${name} must be ${rule}, received ${typeof value === 'string' ? JSON.stringify(value) : typeof value}`,
  )
}
