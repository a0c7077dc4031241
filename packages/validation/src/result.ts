import type { Change } from './changes.ts'
import { findings, type Finding } from './findings.ts'
import { ValidationError, type Issue } from './validation-error.ts'

/** What a validation came to. Nothing is thrown; `findings` are worked out when they are first read. */
export type Result<T = string> =
  | { readonly ok: true; readonly value: T; readonly changes: readonly Change[]; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly issues: readonly Issue[]; readonly findings: readonly Finding[] }

export function accepted<T>(value: T, changes: readonly Change[], source: string): Result<T> {
  let found: readonly Finding[] | undefined
  return {
    ok: true,
    value,
    changes,
    get findings() {
      return (found ??= findings(source))
    },
  }
}

export function refused(issue: Issue, source: string): Result<never> {
  let found: readonly Finding[] | undefined
  return {
    ok: false,
    issues: [issue],
    get findings() {
      return (found ??= findings(source))
    },
  }
}

/** The value, or the error that stands for the refusal. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new ValidationError(result.issues)
}
