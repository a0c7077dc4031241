import { scanJson } from './json-scan.ts'
import { isLongerThan } from './length.ts'
import { checkInteger } from './options.ts'
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
export function jsonLimits({
  bytes = 1_048_576,
  depth = 32,
  keys = 1_000,
  duplicateKeys = 'reject',
}: JsonLimits = {}): Required<JsonLimits> {
  checkInteger('bytes', bytes, 1)
  checkInteger('depth', depth, 0)
  checkInteger('keys', keys, 0)
  if (duplicateKeys !== 'reject' && duplicateKeys !== 'last') {
    throw new RangeError(`duplicateKeys must be 'reject' or 'last', received ${String(duplicateKeys)}`)
  }
  return { bytes, depth, keys, duplicateKeys }
}

export function tooLarge(limit: number): Issue {
  return { pointer: '', code: 'too_large', message: `length in bytes must be at most ${limit}`, limit }
}

const NOT_JSON: Issue = { pointer: '', code: 'invalid_json', message: 'must be JSON in UTF-8' }

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
  if (typeof text === 'string' ? isLongerThan(text, bytes, 'bytes') : text.byteLength > bytes) {
    return refused(tooLarge(bytes), '')
  }
  try {
    const source = typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text)
    const { issue, protoKeys, firstProtoKey } = scanJson(source, structure)
    if (issue !== undefined) return refused(issue, '')
    if (protoKeys === 0) return accepted(JSON.parse(source) as unknown, [], '')
    const value: unknown = JSON.parse(source, (key, member: unknown) => (key === '__proto__' ? undefined : member))
    const change: Change = { kind: 'removed', what: 'proto-key', count: protoKeys, firstIndex: firstProtoKey }
    return accepted(value, [change], '')
  } catch {
    // The error's message would quote the text.
    return refused(NOT_JSON, '')
  }
}
