import { types } from 'node:util'
import type { Redaction } from './redaction.ts'

/** What JSON can hold. */
export type Plain = string | number | boolean | null | Plain[] | PlainObject

/**
 * An object without a prototype's setters: the key `__proto__` is a key like any other. A constructor with an empty
 * prototype, and not `Object.create(null)`, because V8 keeps its instances out of dictionary mode.
 */
export const PlainObject = function PlainObject() {} as unknown as new () => { [key: string]: Plain }
export type PlainObject = { [key: string]: Plain }
PlainObject.prototype = Object.create(null)

/** The bounds of one line. A line beyond some 256 KiB is refused by most collectors. */
export const limits = { depth: 10, entries: 200, keyLength: 256, stringLength: 32_768, lineLength: 262_144 } as const

/** Any value as JSON can hold it: a copy, bounded, without secrets. It never throws. */
export function toPlain(value: unknown, redaction: Redaction): Plain {
  switch (typeof value) {
    case 'string':
      return toText(value, redaction)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
    case 'symbol':
      return toText(String(value), redaction)
    case 'undefined':
      return null
    case 'function':
      return '[Function]'
    default:
      return value === null ? null : new Copy(redaction).of(value)
  }
}

/** A text of bounded length without the secrets of the URLs in it. A URL that is cut no longer shows its secrets. */
export function toText(text: string, redaction: Redaction, maxLength: number = limits.stringLength): string {
  const clean = redaction.scrub(text)
  const excess = clean.length - maxLength
  return excess > 0 ? `${clean.slice(0, maxLength)}… [${excess} more characters]` : clean
}

/** What stands in the line for the key of an object or a Map. */
export function toKey(key: unknown, redaction: Redaction): string {
  if (typeof key === 'string') return toText(key, redaction, limits.keyLength)
  try {
    return toText(String(key), redaction, limits.keyLength)
  } catch {
    return '[Unreadable]'
  }
}

/** True for errors of any realm, and never runs a proxy's trap for a native one. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error
}

/** True for what a literal or `JSON.parse` makes. */
export function isBag(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Node's requests, responses, sockets, streams and agents: machinery whose insides hold headers in forms that have no
 * key, such as `rawHeaders` and `_header`.
 */
function isEmitter(value: object): boolean {
  const { on, emit } = value as { on?: unknown; emit?: unknown }
  return typeof on === 'function' && typeof emit === 'function'
}

/** A property, or what stands for one whose getter throws. */
export function readOf(source: object, key: string): unknown {
  try {
    return (source as Record<string, unknown>)[key]
  } catch {
    return '[Throws]'
  }
}

/** The copy of one value: what it has passed on the way down, and how much room is left. */
class Copy {
  readonly #redaction: Redaction
  readonly #ancestors: object[] = []
  #room: number = limits.lineLength

  constructor(redaction: Redaction) {
    this.#redaction = redaction
  }

  of(value: unknown): Plain {
    this.#room -= 8
    if (this.#room <= 0) return '[Truncated]'
    if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'symbol') {
      const text = toText(String(value), this.#redaction, Math.min(limits.stringLength, this.#room))
      this.#room -= text.length
      return text
    }
    if (typeof value !== 'object' || value === null) return toPlain(value, this.#redaction)
    if (this.#ancestors.includes(value)) return '[Circular]'
    if (this.#ancestors.length >= limits.depth) return '[Truncated]'
    this.#ancestors.push(value)
    try {
      return this.#object(value)
    } catch {
      return '[Unreadable]'
    } finally {
      this.#ancestors.pop()
    }
  }

  #object(value: object): Plain {
    const special = isBag(value) ? undefined : this.#builtIn(value)
    if (special !== undefined) return special
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') {
      const json: unknown = toJSON.call(value)
      if (json !== value) return this.of(json)
    }
    return isEmitter(value) ? this.#emitter(value) : this.#properties(new PlainObject(), value)
  }

  #builtIn(value: object): Plain | undefined {
    if (Array.isArray(value)) return this.#array(value, value.length)
    if (isError(value)) return this.#error(value)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[Binary: ${value.byteLength} bytes]`
    if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) {
      return this.#entries(value)
    }
    if (value instanceof Set) return this.#array(value, value.size)
    return undefined
  }

  #array(items: Iterable<unknown>, length: number): Plain[] {
    const copy: Plain[] = []
    for (const item of items) {
      if (copy.length >= limits.entries || this.#room <= 0) {
        copy.push(`… [${length - copy.length} more items]`)
        break
      }
      copy.push(this.of(item))
    }
    return copy
  }

  #entries(source: Iterable<readonly [unknown, unknown]>): PlainObject {
    const copy = new PlainObject()
    const entries = [...source]
    for (const [index, [key, value]] of entries.entries()) {
      if (index >= limits.entries || this.#room <= 0) {
        copy['…'] = `[${entries.length - index} more keys]`
        break
      }
      this.#set(copy, key, value)
    }
    return copy
  }

  #emitter(source: object): PlainObject {
    const copy = new PlainObject()
    const { method, url, path, statusCode } = source as Partial<Record<string, unknown>>
    const shown = { type: source.constructor.name, method, url: url ?? path, statusCode }
    for (const [key, value] of Object.entries(shown)) {
      if (typeof value === 'string' || typeof value === 'number') this.#set(copy, key, value)
    }
    return copy
  }

  #properties(copy: PlainObject, source: object): PlainObject {
    const keys = Object.keys(source)
    for (let index = 0; index < keys.length; index += 1) {
      if (index >= limits.entries || this.#room <= 0) {
        copy['…'] = `[${keys.length - index} more keys]`
        break
      }
      const key = keys[index] as string
      if (!Object.hasOwn(copy, key)) this.#set(copy, key, readOf(source, key))
    }
    return copy
  }

  /** `cause` and `errors` are usually not enumerable, and neither are `message` and `stack`. */
  #error(error: Error): PlainObject {
    const copy = new PlainObject()
    for (const key of ['name', 'message', 'stack', 'cause', 'errors'] as const) {
      this.#set(copy, key, readOf(error, key))
    }
    return this.#properties(copy, error)
  }

  #set(copy: PlainObject, key: unknown, value: unknown): void {
    if (value === undefined) return
    const name = toKey(key, this.#redaction)
    this.#room -= name.length
    copy[name] = this.#redaction.isSecret(name) ? this.#redaction.censor : this.of(value)
  }
}
