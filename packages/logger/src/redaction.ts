import { inspect } from 'node:util'

/** What is kept out of the log besides the built-in list of secret keys. */
export interface RedactOptions {
  /**
   * More secret keys. A string matches a whole key in any case, with `-`, `_` and blanks ignored; a RegExp is tested
   * against the key as it is.
   * @default []
   */
  readonly keys?: readonly (string | RegExp)[] | undefined
  /**
   * What stands in a secret's place.
   * @default '[Redacted]'
   */
  readonly censor?: string | undefined
}

/** Decides by key, and cleans the URLs inside texts. */
export interface Redaction {
  readonly censor: string
  isSecret(key: string): boolean
  scrub(text: string): string
}

const noRedaction: Redaction = { censor: '', isSecret: () => false, scrub: (text) => text }

// Matched against the key in lower case, without separators: `X-Api-Key`, `apiKey` and `api_key` are one.
// `tokens` is left alone on purpose: `input_tokens` is a count.
const secretKey =
  /^(?:cookies?|setcookie2?|jwt|pwd|bearer)$|(?:authorization|rawheaders|passwords?|passwd|passphrase|secrets?|secretkey|secretaccesskey|token|apikeys?|privatekey|accesskey|credentials?)$/

/** The name of a parameter of a query, a fragment or a form. */
const parameter = /(?:^|[?&;#])([^=&;?#\s]{1,256})=/g
const parameterEnd = /[&#\s]|$/g

/** The user of a URL, and the colon before the password; not a host and its port. */
const user = /:\/\/[^/\s:@]{0,256}:(?!\d{1,5}(?:[/?#\s]|$))/g
const wordEnd = /\s|$/g

/** A cache that hostile keys cannot grow without end. */
const maxCachedKeys = 5_000

/** The rules of one logger. `false` keeps everything. */
export function createRedaction(options: RedactOptions | false = {}): Redaction {
  if (options === false) return noRedaction
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`redact must be an object or false, received ${inspect(options)}`)
  }
  const { keys = [], censor = '[Redacted]' } = options
  if (typeof censor !== 'string') throw new TypeError(`redact.censor must be a string, received ${inspect(censor)}`)
  if (!Array.isArray(keys)) throw new TypeError(`redact.keys must be an array, received ${inspect(keys)}`)

  const names = new Set<string>()
  const patterns: RegExp[] = []
  for (const key of keys as readonly unknown[]) {
    if (typeof key === 'string') names.add(normalized(key))
    // A copy without `g` and `y`, whose `lastIndex` would make every other test fail.
    else if (key instanceof RegExp) patterns.push(new RegExp(key.source, key.flags.replace(/[gy]/g, '')))
    else throw new TypeError(`redact.keys must hold strings and RegExps, received ${inspect(key)}`)
  }

  const judge = (key: string): boolean => {
    // OpenTelemetry puts a header into a dotted name, `http.request.header.authorization`, and forms write
    // `user[password]` and `token[]`.
    const whole = normalized(key)
    const steps = whole
      .replace(/\[\d*\]/g, '')
      .split(/[.[\]]+/)
      .filter(Boolean)
    const spellings = [whole, steps.at(-1) ?? '', steps.join('')]
    return (
      spellings.some((spelling) => secretKey.test(spelling) || names.has(spelling)) ||
      patterns.some((pattern) => pattern.test(key))
    )
  }

  const known = new Map<string, boolean>()
  const isSecret = (key: string): boolean => {
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const secret = judge(key)
    if (known.size < maxCachedKeys) known.set(key, secret)
    return secret
  }

  const scrub = (text: string): string => {
    let clean = text
    if (clean.includes('=')) {
      clean = covered(clean, parameter, censor, ([, name = ''], start) =>
        isSecret(decoded(name)) ? endOfValue(clean, start) : start,
      )
    }
    if (clean.includes('://')) {
      let searched = 0
      clean = covered(clean, user, censor, (_, start) => {
        if (start < searched) return start
        searched = next(wordEnd, clean, start)
        // A password may hold an `@` itself.
        return clean.lastIndexOf('@', searched)
      })
    }
    return clean
  }
  return { censor, isSecret, scrub }
}

/** The text with the censor over what follows each match of `before`, as far as `endOf` says. */
function covered(
  text: string,
  before: RegExp,
  censor: string,
  endOf: (match: RegExpExecArray, start: number) => number,
): string {
  let clean = ''
  let from = 0
  for (const match of text.matchAll(before)) {
    if (match.index < from) continue
    const start = match.index + match[0].length
    const end = endOf(match, start)
    if (end <= start) continue
    clean += text.slice(from, start) + censor
    from = end
  }
  return clean + text.slice(from)
}

/** A value holds any quote but those that stand around the whole URL. */
function endOfValue(text: string, start: number): number {
  let end = next(parameterEnd, text, start)
  while (end > start && `"'<>`.includes(text.charAt(end - 1))) end -= 1
  return end
}

function next(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return pattern.exec(text)?.index ?? text.length
}

function normalized(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, '')
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
