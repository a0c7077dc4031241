import type { Issue, ValidationStatus } from './validation-error.ts'

/** Problem details (RFC 9457), to be sent as `application/problem+json`. Spread it to add `instance` and the like. */
export interface ProblemDetails {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: ValidationStatus
  readonly detail: string
  readonly code: 'VALIDATION_FAILED'
  readonly errors: readonly Issue[]
}

// With the type about:blank the title is the phrase of the status (RFC 9457, section 4.2.1; RFC 9110, section 15.5).
const titles: Readonly<Record<ValidationStatus, string>> = {
  400: 'Bad Request',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
}

export function isStatus(status: unknown): status is ValidationStatus {
  return typeof status === 'number' && Object.hasOwn(titles, status)
}

export function problemDetails(status: ValidationStatus, errors: readonly Issue[]): ProblemDetails {
  const detail = errors.length === 1 ? '1 thing is not valid' : `${errors.length} things are not valid`
  return { type: 'about:blank', title: titles[status], status, detail, code: 'VALIDATION_FAILED', errors }
}
