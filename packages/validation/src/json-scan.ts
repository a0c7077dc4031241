import type { Issue } from './validation-error.ts'

export interface JsonScan {
  readonly issue?: Issue
  readonly protoKeys: number
  readonly firstProtoKey: number
}

export interface StructureLimits {
  readonly depth: number
  readonly keys: number
  readonly duplicateKeys: 'reject' | 'last'
}

const codeOf = (character: string): number => character.charCodeAt(0)
const QUOTE = /* @__PURE__ */ codeOf('"')
const BACKSLASH = /* @__PURE__ */ codeOf('\\')
const COMMA = /* @__PURE__ */ codeOf(',')
const OPEN_OBJECT = /* @__PURE__ */ codeOf('{')
const CLOSE_OBJECT = /* @__PURE__ */ codeOf('}')
const OPEN_ARRAY = /* @__PURE__ */ codeOf('[')
const CLOSE_ARRAY = /* @__PURE__ */ codeOf(']')

/**
 * One pass over the text, without recursion, that sees containers and keys and nothing else: whether it is JSON at all
 * is for `JSON.parse` to say afterwards. Its memory is the keys of the objects that are open, so it is bounded too.
 *
 * @throws SyntaxError for a key with an escape that JSON has not.
 */
export function scanJson(text: string, limits: StructureLimits): JsonScan {
  /** The keys of each open object; `undefined` stands for an array. */
  const open: (Set<string> | undefined)[] = []
  let keys = 0
  let keyIsNext = false
  let protoKeys = 0
  let firstProtoKey = 0

  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case OPEN_OBJECT:
      case OPEN_ARRAY: {
        const isObject = text.charCodeAt(index) === OPEN_OBJECT
        open.push(isObject ? new Set() : undefined)
        keyIsNext = isObject
        if (open.length > limits.depth) {
          return refusal('too_deep', `may nest at most ${limits.depth} containers`, limits.depth)
        }
        break
      }
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop()
        keyIsNext = false
        break
      case COMMA:
        keyIsNext = open.at(-1) !== undefined
        break
      case QUOTE: {
        const end = endOfString(text, index)
        const siblings = open.at(-1)
        if (keyIsNext && siblings !== undefined) {
          keyIsNext = false
          keys += 1
          if (keys > limits.keys) return refusal('too_many_keys', `may have at most ${limits.keys} keys`, limits.keys)
          const key = unescape(text.slice(index + 1, end))
          if (siblings.has(key) && limits.duplicateKeys === 'reject')
            return refusal('duplicate_key', 'has an object with the same key twice')
          siblings.add(key)
          if (key === '__proto__') {
            if (protoKeys === 0) firstProtoKey = index
            protoKeys += 1
          }
        }
        index = end
        break
      }
    }
  }
  return { protoKeys, firstProtoKey }
}

function refusal(code: string, message: string, limit?: number): JsonScan {
  const issue = { pointer: '', code, message, ...(limit === undefined ? {} : { limit }) }
  return { issue, protoKeys: 0, firstProtoKey: 0 }
}

/** The index of the quote that ends the string which begins at `start`, or the end of a text in which none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
  }
  return text.length
}

/** `a` and `\u0061` are one key. */
function unescape(key: string): string {
  return key.includes('\\') ? String(JSON.parse(`"${key}"`)) : key
}
