import type { Clock } from './clock.ts'

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

/** Refuses what is of another type. */
export function checkType(name: string, value: unknown, type: 'boolean' | 'function' | 'string'): void {
  // oxlint-disable-next-line valid-typeof -- the types are those that typeof knows
  if (typeof value !== type) throw new TypeError(`${name} must be a ${type}, received ${shown(value)}`)
}

/** Refuses what is given and of another type. */
export function checkOptional(name: string, value: unknown, type: 'function' | 'string'): void {
  if (value !== undefined) checkType(name, value, type)
}

export function checkClock(clock: Clock): void {
  for (const method of ['now', 'setTimeout', 'clearTimeout'] as const) {
    checkType(`clock.${method}`, clock?.[method], 'function')
  }
}

/** Refuses what is no whole number of tokens that `capacity` can hold. */
export function checkTokens(tokens: number, capacity: number): void {
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= capacity) return
  throw refusal('tokens', `an integer from 0 to ${capacity}, the capacity`, tokens)
}

/** `TypeError` for what is no number at all, `RangeError` for the wrong one. */
function refusal(name: string, rule: string, value: unknown): Error {
  const ErrorType = typeof value === 'number' ? RangeError : TypeError
  return new ErrorType(`${name} must be ${rule}, received ${shown(value)}`)
}

export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || value === null ? `${value}` : typeof value
}
