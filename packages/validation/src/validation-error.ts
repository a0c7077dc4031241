import { isStatus, problemDetails } from './problem-details.ts'

/** What is wrong, and where. It never holds the value, nor a key that the schema does not name. */
export interface Issue {
  /** A JSON Pointer (RFC 6901) to the value; `''` is the whole of it. */
  readonly pointer: string
  /** Stable, for programs: `invalid_type`, `too_long`, `too_short`, `invalid_format`, … and zod's own codes. */
  readonly code: string
  /** For people. */
  readonly message: string
  /** The limit that was not kept, in the unit that `message` names. */
  readonly limit?: number
}

/** The status that a HTTP API answers with: 400 syntax, 413 size, 415 media type, 422 content. */
export type ValidationStatus = 400 | 413 | 415 | 422

/**
 * What came in is not valid. Thrown by `parseUserInput`, `parseUserId`, `parseSessionId` and the Hono middleware.
 *
 * @example
 * ```ts
 * try {
 *   parseUserId(id)
 * } catch (error) {
 *   if (isValidationError(error)) console.log(error.issues)
 * }
 * ```
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  readonly code = 'VALIDATION_FAILED'
  /** The same input fails again. */
  readonly retryable = false
  readonly issues: readonly Issue[]
  /** @default 422 */
  readonly status: ValidationStatus

  constructor(issues: readonly Issue[], { status = 422 }: { status?: ValidationStatus } = {}) {
    super(issues.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)).join('; '))
    this.issues = [...issues]
    this.status = status
  }

  /** The answer as `application/problem+json`. Hono asks an error for this when the app has no `onError` of its own. */
  getResponse(): Response {
    return new Response(JSON.stringify(problemDetails(this.status, this.issues)), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json' },
    })
  }
}

/**
 * True for a `ValidationError` of this package or of another copy of it.
 *
 * @example
 * ```ts
 * if (isValidationError(error)) log.warn({ issues: error.issues })
 * ```
 */
export function isValidationError(error: unknown): error is ValidationError {
  return refusalOf(error) !== undefined
}

/** What a `ValidationError` of any copy says, without what else it may hold; read once, since a getter can lie. */
export function refusalOf(error: unknown): { status: ValidationStatus; issues: Issue[] } | undefined {
  try {
    if (!(error instanceof Error) || error.name !== 'ValidationError') return undefined
    const { code, status, issues }: Partial<Record<keyof ValidationError, unknown>> = error
    if (code !== 'VALIDATION_FAILED' || !isStatus(status) || !Array.isArray(issues)) return undefined
    return { status, issues: issues.map(copyOf) }
  } catch {
    return undefined
  }
}

function copyOf(issue: Issue): Issue {
  const { pointer, code, message, limit } = issue
  const isIssue = [pointer, code, message].every((member) => typeof member === 'string')
  if (!isIssue || !['undefined', 'number'].includes(typeof limit)) throw new TypeError('not an issue')
  return limit === undefined ? { pointer, code, message } : { pointer, code, message, limit }
}
