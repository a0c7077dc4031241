import { problemDetails, type ProblemDetails } from './problem-details.ts'
import { refusalOf } from './validation-error.ts'
import { issuesOf, isZodError } from './zod-issues.ts'

/**
 * The problem details of a `ValidationError`, or of an error of zod 4 (as a 422); `undefined` for anything else.
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
  const refusal = refusalOf(error)
  if (refusal !== undefined) return problemDetails(refusal.status, refusal.issues)
  try {
    return isZodError(error) ? problemDetails(422, issuesOf(error)) : undefined
  } catch {
    return undefined // a getter that throws
  }
}
