import * as z from 'zod'
import { checkInteger, checkObject, typeOf } from './options.ts'
import { accepted, refused, valueOf, type Result } from './result.ts'
import type { Issue } from './validation-error.ts'
import { zodIssue } from './zod-issues.ts'

/** The form of an identifier. */
export interface IdentifierOptions {
  /** The fewest characters (UTF-16 code units). */
  min: number
  /** The most characters (UTF-16 code units). */
  max: number
  /**
   * What the whole identifier has to match; `^` and `$` are not needed. Without the flags `g`, `m` and `y`. Yours to keep linear.
   * @default /[A-Za-z0-9][A-Za-z0-9_-]*\/
   */
  pattern?: RegExp
}

interface Form {
  readonly min: number
  readonly max: number
  readonly whole: RegExp
}

function formOf(options: IdentifierOptions): Form {
  checkObject('options', options)
  const { min, max, pattern = /[A-Za-z0-9][A-Za-z0-9_-]*/ } = options
  checkInteger('min', min, 1)
  checkInteger('max', max, min)
  if (!(pattern instanceof RegExp)) throw new TypeError(`pattern must be a RegExp, received ${typeOf(pattern)}`)
  if (/[gmy]/.test(pattern.flags)) {
    throw new RangeError(`pattern must not have the flags g, m or y, received ${pattern.flags}`)
  }
  return { min, max, whole: new RegExp(`^(?:${pattern.source})$`, pattern.flags) }
}

/** What is wrong with an identifier. It is never repaired: two spellings of one name are how accounts are taken over. */
function problemWith(id: string, { min, max, whole }: Form): Issue | undefined {
  if (id.length > max) {
    return { pointer: '', code: 'too_long', message: `length in characters must be at most ${max}`, limit: max }
  }
  if (id.length < min) {
    return { pointer: '', code: 'too_short', message: `length in characters must be at least ${min}`, limit: min }
  }
  if (!whole.test(id)) {
    return { pointer: '', code: 'invalid_format', message: 'has characters that an identifier may not have' }
  }
  return undefined
}

/** How much of a refused identifier is looked at for findings. */
const FINDINGS_WITHIN = 256

function validate(id: unknown, form: Form): Result {
  if (typeof id !== 'string') return refused({ pointer: '', code: 'invalid_type', message: 'must be a string' }, '')
  const issue = problemWith(id, form)
  return issue === undefined ? accepted(id, [], '') : refused(issue, id.slice(0, FINDINGS_WITHIN))
}

function schemaOf(form: Form): z.ZodType<string, string> {
  return z.string().check((payload) => {
    const issue = problemWith(payload.value, form)
    if (issue !== undefined) payload.issues.push(zodIssue(issue))
  })
}

/** `^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`: nothing to quote in a URL, a log line, a file name or a query. */
const STRICT = /* @__PURE__ */ formOf({ min: 1, max: 64 })

/**
 * A zod schema for an identifier of a form of your own. It is checked as it stands: not trimmed, not normalised.
 *
 * @throws TypeError or RangeError for options that cannot be.
 * @example
 * ```ts
 * const accountNumber = identifier({ min: 10, max: 12, pattern: /[0-9]+/ })
 * ```
 */
export function identifier(options: IdentifierOptions): z.ZodType<string, string> {
  return schemaOf(formOf(options))
}

/**
 * A zod schema for a user's id: 1 to 64 ASCII letters, digits, `_` and `-`, the first a letter or digit.
 *
 * @example
 * ```ts
 * const body = z.object({ user_id: userId() })
 * ```
 */
export function userId(): z.ZodType<string, string> {
  return schemaOf(STRICT)
}

/**
 * A zod schema for a session's id: 1 to 64 ASCII letters, digits, `_` and `-`, the first a letter or digit.
 *
 * @example
 * ```ts
 * const body = z.object({ session_id: sessionId().optional() })
 * ```
 */
export function sessionId(): z.ZodType<string, string> {
  return schemaOf(STRICT)
}

/**
 * Whether a value is a user's id in the form of `userId()`.
 *
 * @example
 * ```ts
 * validateUserId('user_42').ok // true
 * ```
 */
export const validateUserId: (id: unknown) => Result = (id) => validate(id, STRICT)

/**
 * Whether a value is a session's id in the form of `sessionId()`.
 *
 * @example
 * ```ts
 * validateSessionId("1' OR '1'='1").ok // false
 * ```
 */
export const validateSessionId: (id: unknown) => Result = (id) => validate(id, STRICT)

/**
 * The user's id, as it came.
 *
 * @throws ValidationError when it has not the form of `userId()`.
 * @example
 * ```ts
 * const user = parseUserId(request.user_id)
 * ```
 */
export const parseUserId: (id: unknown) => string = (id) => valueOf(validateUserId(id))

/**
 * The session's id, as it came.
 *
 * @throws ValidationError when it has not the form of `sessionId()`.
 * @example
 * ```ts
 * const session = parseSessionId(request.session_id)
 * ```
 */
export const parseSessionId: (id: unknown) => string = (id) => valueOf(validateSessionId(id))
