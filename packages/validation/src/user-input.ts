import * as z from 'zod'
import { ChangeLog } from './changes.ts'
import { clean, isPlain } from './clean-text.ts'
import { countCodePoints, isLongerThan, type LengthUnit } from './length.ts'
import { checkBoolean, checkInteger, checkObject, typeOf } from './options.ts'
import { accepted, refused, valueOf, type Result } from './result.ts'
import type { Issue } from './validation-error.ts'
import { zodIssue } from './zod-issues.ts'

/** The most a text may measure, each in its own unit. */
export interface LengthLimits {
  /** In Unicode code points. */
  codePoints?: number
  /** In extended grapheme clusters (UAX #29), what a reader takes for one character. */
  graphemes?: number
  /** In bytes of UTF-8. */
  bytes?: number
  /** In UTF-16 code units, what `string.length` counts. */
  codeUnits?: number
}

/** What free text may be. */
export interface UserInputOptions {
  /**
   * The most code points that the cleaned text may have; not together with `max.codePoints`.
   * @default 1_000, unless `max` is given
   */
  maxLength?: number
  /** Limits in other units; every one given has to be kept. */
  max?: LengthLimits
  /** The fewest code points, after cleaning and trimming. @default 1 */
  minLength?: number
  /** Whether line ends stay; if not, each run of them becomes one space. @default true */
  multiline?: boolean
  /** Whether white space goes from both ends. @default true */
  trim?: boolean
}

interface Rules {
  readonly limits: readonly { readonly unit: LengthUnit; readonly limit: number; readonly rawCodeUnits: number }[]
  /** Plain text of so many characters keeps every limit. */
  readonly plainLength: number
  readonly minLength: number
  readonly multiline: boolean
  readonly trim: boolean
}

/**
 * How many code units of raw text are looked at, per unit of a limit. What is removed, composed or trimmed does not
 * count for the limit, but the work that it makes has to end somewhere.
 */
const RAW_PER_UNIT: Readonly<Record<LengthUnit, number>> = { bytes: 4, codePoints: 8, codeUnits: 4, graphemes: 64 }
const RAW_AT_LEAST = 256

const DEFAULT_MAX_LENGTH = 1_000

const UNIT_NAMES: Readonly<Record<LengthUnit, string>> = {
  bytes: 'bytes of UTF-8',
  codePoints: 'characters',
  codeUnits: 'UTF-16 code units',
  graphemes: 'visible characters',
}

function rulesOf(options: UserInputOptions): Rules {
  checkObject('options', options)
  const { maxLength, max, minLength = 1, multiline = true, trim = true } = options
  if (max !== undefined && (typeof max !== 'object' || max === null)) {
    throw new TypeError(`max must be an object of limits, received ${typeOf(max)}`)
  }
  if (maxLength !== undefined && max?.codePoints !== undefined) {
    throw new TypeError('maxLength and max.codePoints are the same limit: give one of them, received both')
  }
  checkInteger('minLength', minLength, 0)
  checkBoolean('multiline', multiline)
  checkBoolean('trim', trim)

  if (max === undefined && maxLength === undefined && minLength > DEFAULT_MAX_LENGTH) {
    throw new RangeError(`minLength must be <= maxLength (${DEFAULT_MAX_LENGTH} by default), received ${minLength}`)
  }

  const given: LengthLimits = max === undefined ? { codePoints: DEFAULT_MAX_LENGTH } : { ...max }
  if (maxLength !== undefined) given.codePoints = maxLength
  const limits = (['codePoints', 'graphemes', 'bytes', 'codeUnits'] as const).flatMap((unit) => {
    const limit = given[unit]
    if (limit === undefined) return []
    const name = unit === 'codePoints' && max?.codePoints === undefined ? 'maxLength' : `max.${unit}`
    checkInteger(name, limit, 1)
    if (unit !== 'graphemes' && limit < minLength) {
      throw new RangeError(`${name} must be >= minLength (${minLength}), received ${limit}`)
    }
    return [{ unit, limit, rawCodeUnits: Math.max(RAW_AT_LEAST, limit * RAW_PER_UNIT[unit]) }]
  })
  if (limits.length === 0) throw new TypeError('max must name at least one limit, received none')
  return { limits, plainLength: Math.min(...limits.map(({ limit }) => limit)), minLength, multiline, trim }
}

const DEFAULT_RULES = /* @__PURE__ */ rulesOf({})

/** The text as the rules want it, or what is wrong with it. */
function apply(text: string, rules: Rules, log: ChangeLog | undefined): string | Issue {
  if (isFine(text, rules)) return text
  const flood = rules.limits.find(({ rawCodeUnits }) => text.length > rawCodeUnits)
  if (flood) return tooLong(flood.unit, flood.limit)

  const value = layOut(clean(text, log), rules, log)
  const broken = rules.limits.find(({ unit, limit }) => isLongerThan(value, limit, unit))
  if (broken) return tooLong(broken.unit, broken.limit)
  if (value.length < rules.minLength || countCodePoints(value) < rules.minLength) return tooShort(rules.minLength)
  return value
}

/** Whether nothing has to be done: most messages are printable ASCII, and this is all that they cost. */
function isFine(text: string, { plainLength, minLength, multiline, trim }: Rules): boolean {
  const { length } = text
  if (length > plainLength || length < minLength) return false
  if (trim && length > 0 && (text.charCodeAt(0) <= 0x20 || text.charCodeAt(length - 1) <= 0x20)) return false
  return isPlain(text) && (multiline || !text.includes('\n'))
}

function layOut(text: string, { multiline, trim }: Rules, log: ChangeLog | undefined): string {
  let value = text
  if (!multiline && value.includes('\n')) {
    // Those that cleaning made a LF are among them.
    log?.set('normalized', 'line-end', value.indexOf('\n'), value.split('\n').length - 1)
    value = value.replaceAll(/\n+/g, ' ')
  }
  if (!trim) return value
  const trimmed = value.trim()
  if (trimmed.length < value.length) {
    const leading = value.length - value.trimStart().length
    log?.add('trimmed', 'whitespace', leading > 0 ? 0 : trimmed.length, value.length - trimmed.length)
  }
  return trimmed
}

function tooLong(unit: LengthUnit, limit: number): Issue {
  return { pointer: '', code: 'too_long', message: `length in ${UNIT_NAMES[unit]} must be at most ${limit}`, limit }
}

function tooShort(limit: number): Issue {
  return {
    pointer: '',
    code: 'too_short',
    message: `length in ${UNIT_NAMES.codePoints} must be at least ${limit}`,
    limit,
  }
}

/**
 * Cleans free text that a person typed (see `cleanText`) and checks its length. It never refuses or alters prose for
 * looking like an attack: what looks like one is among the `findings`, for the log.
 *
 * @throws TypeError or RangeError for options that cannot be; never for the text.
 * @example
 * ```ts
 * const result = validateUserInput(body.message, { maxLength: 500 })
 * if (result.ok) answer(result.value)
 * ```
 */
export function validateUserInput(text: unknown, options?: UserInputOptions): Result {
  const rules = options === undefined ? DEFAULT_RULES : rulesOf(options)
  if (typeof text !== 'string') return refused({ pointer: '', code: 'invalid_type', message: 'must be a string' }, '')
  const log = new ChangeLog()
  const outcome = apply(text, rules, log)
  if (typeof outcome === 'string') return accepted(outcome, log.list(), text)
  // A flood is not searched for findings either, beyond what would have been read.
  return refused(outcome, text.slice(0, Math.max(...rules.limits.map(({ rawCodeUnits }) => rawCodeUnits))))
}

/**
 * `validateUserInput` for those who prefer an exception.
 *
 * @throws ValidationError when the text is not valid.
 * @example
 * ```ts
 * const message = parseUserInput(body.message)
 * ```
 */
export function parseUserInput(text: unknown, options?: UserInputOptions): string {
  return valueOf(validateUserInput(text, options))
}

/**
 * `validateUserInput` as a zod schema. Its output is the cleaned text.
 *
 * @example
 * ```ts
 * const body = z.object({ message: userInput({ maxLength: 1_000 }) })
 * ```
 */
export function userInput(options: UserInputOptions = {}): z.ZodType<string, string> {
  const rules = rulesOf(options)
  return z.string().check((payload) => {
    const outcome = apply(payload.value, rules, undefined)
    if (typeof outcome === 'string') payload.value = outcome
    else payload.issues.push(zodIssue(outcome))
  })
}
