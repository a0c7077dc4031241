import { scanJson } from './json-scan.ts'
import { isLongerThan } from './length.ts'
import { checkInteger, checkObject, typeOf } from './options.ts'
import { accepted, refused, type Result } from './result.ts'
import type { Change } from './changes.ts'
import type { Issue } from './validation-error.ts'

/** What a JSON document may be. */
export interface JsonLimits {
  /** The most bytes of UTF-8. @default 1_048_576 */
  bytes?: number
  /** The most containers (objects and arrays) inside one another. @default 32 */
  depth?: number
  /** The most keys in the whole document. @default 1_000 */
  keys?: number
  /** What to do with a key that an object has twice: refuse the document, or let the last one win. @default 'reject' */
  duplicateKeys?: 'reject' | 'last'
}

/** The limits, checked and complete. */
export function jsonLimits(limits: JsonLimits): Required<JsonLimits> {
  checkObject('limits', limits)
  const { bytes = 1_048_576, depth = 32, keys = 1_000, duplicateKeys = 'reject' } = limits
  checkInteger('bytes', bytes, 1)
  checkInteger('depth', depth, 0)
  checkInteger('keys', keys, 0)
  if (duplicateKeys !== 'reject' && duplicateKeys !== 'last') {
    const rule = "duplicateKeys must be 'reject' or 'last', received"
    const received: unknown = duplicateKeys
    throw typeof received === 'string'
      ? new RangeError(`${rule} ${received}`)
      : new TypeError(`${rule} ${typeOf(received)}`)
  }
  return { bytes, depth, keys, duplicateKeys }
}

export function tooLarge(limit: number): Issue {
  return { pointer: '', code: 'too_large', message: `length in bytes must be at most ${limit}`, limit }
}

export function notJson(): Issue {
  return { pointer: '', code: 'invalid_json', message: 'must be JSON in UTF-8' }
}

/**
 * `JSON.parse` for untrusted text: size, depth and number of keys are checked before anything is built, duplicate keys
 * are refused (two parsers can see two different documents in one text), and `__proto__` keys are left out. Nothing is
 * thrown for the text, and no issue repeats a part of it.
 *
 * @throws TypeError or RangeError for limits that cannot be.
 * @example
 * ```ts
 * const body = safeJson(text, { depth: 8 })
 * if (body.ok) use(body.value)
 * ```
 */
export function safeJson(text: string | Uint8Array, limits: JsonLimits = {}): Result<unknown> {
  const { bytes, ...structure } = jsonLimits(limits)
  if (typeof text !== 'string' && !ArrayBuffer.isView(text)) {
    return refused({ pointer: '', code: 'invalid_type', message: 'must be a string or a Uint8Array' }, '')
  }
  if (typeof text === 'string' ? isLongerThan(text, bytes, 'bytes') : text.byteLength > bytes) {
    return refused(tooLarge(bytes), '')
  }
  try {
    const source = typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text)
    const { issue, protoKeys, firstProtoKey } = scanJson(source, structure)
    if (issue !== undefined) return refused(issue, '')
    if (protoKeys === 0) return accepted(JSON.parse(source) as unknown, [], '')
    const value: unknown = JSON.parse(source)
    dropProtoKeys(value)
    const change: Change = { kind: 'removed', what: 'proto-key', count: protoKeys, firstIndex: firstProtoKey }
    return accepted(value, [change], '')
  } catch {
    // The error's message would quote the text.
    return refused(notJson(), '')
  }
}

/** A list of what is still to be visited, where the reviver of `JSON.parse` would recurse. */
function dropProtoKeys(document: unknown): void {
  const values = [document]
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue
    Reflect.deleteProperty(value, '__proto__')
    for (const member of Object.values(value)) values.push(member)
  }
}
