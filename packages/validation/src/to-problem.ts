import { problemDetails, type ProblemDetails } from './problem-details.ts'
import { isValidationError } from './validation-error.ts'
import { isZodError, issuesOf } from './zod-issues.ts'

/**
 * The problem details of a `ValidationError`, or of a `ZodError` (as a 422); `undefined` for anything else.
 *
 * @example
 * ```ts
 * app.onError((error, c) => {
 *   const problem = toProblem(error)
 *   if (problem === undefined) throw error
 *   const headers = { 'content-type': 'application/problem+json' }
 *   return c.json({ ...problem, instance: c.req.path }, problem.status, headers)
 * })
 * ```
 */
export function toProblem(error: unknown): ProblemDetails | undefined {
  if (isValidationError(error)) return problemDetails(error.status, error.issues)
  if (isZodError(error)) return problemDetails(422, issuesOf(error))
  return undefined
}
