/** Refuses an option with its name, the rule and the value received. */
export function checkNumber(name: string, value: unknown, rule: string, holds: (value: number) => boolean): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be ${rule}, received ${show(value)}`)
  if (!holds(value)) throw new RangeError(`${name} must be ${rule}, received ${value}`)
}

export function checkDuration(name: string, value: unknown): void {
  checkNumber(name, value, 'a finite number >= 0', (ms) => ms >= 0 && ms < Infinity)
}

export function checkFactor(name: string, value: unknown): void {
  checkNumber(name, value, 'a finite number >= 1', (factor) => factor >= 1 && factor < Infinity)
}

export function checkMethods(name: string, value: unknown, rule: string, methods: readonly string[]): void {
  const object = value as Record<string, unknown> | null
  if (typeof object === 'object' && object && methods.every((method) => typeof object[method] === 'function')) return
  throw new TypeError(`${name} must be ${rule}, received ${show(value)}`)
}

export function checkSignal(signal: unknown): void {
  checkMethods('signal', signal, 'an AbortSignal', ['addEventListener', 'throwIfAborted'])
}

export function checkType(name: string, value: unknown, type: 'function' | 'boolean'): void {
  if (typeof value !== type) throw new TypeError(`${name} must be a ${type}, received ${show(value)}`)
}

export function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return
  const Refusal = typeof value === 'string' ? RangeError : TypeError
  throw new Refusal(`${name} must be one of ${allowed.join(', ')}, received ${show(value)}`)
}

/** A value as a message names it. */
export function show(value: unknown): string {
  return value === null || (typeof value !== 'object' && typeof value !== 'function') ? String(value) : typeof value
}
