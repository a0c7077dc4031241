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
  /^(?:cookies?|setcookie2?|jwt|pwd|bearer)$|(?:authorization|passwords?|passwd|passphrase|secrets?|secretkey|secretaccesskey|token|apikeys?|privatekey|accesskey|credentials?)$/

const pair = /([?&;])([^=&;?#\s]{1,256})=([^&;#\s"'<>]*)/g
const userinfo = /(:\/\/[^/\s:@]{0,256}:)[^/\s@]{1,1024}@/g

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
    const whole = normalized(key)
    // OpenTelemetry puts a header into a dotted name: `http.request.header.authorization`.
    const last = whole.slice(whole.lastIndexOf('.') + 1)
    return secretKey.test(last) || names.has(whole) || names.has(last) || patterns.some((pattern) => pattern.test(key))
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
      clean = clean.replaceAll(pair, (whole, before: string, key: string) =>
        isSecret(decoded(key)) ? `${before}${key}=${censor}` : whole,
      )
    }
    if (clean.includes('://')) clean = clean.replaceAll(userinfo, (_, before: string) => `${before}${censor}@`)
    return clean
  }
  return { censor, isSecret, scrub }
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
