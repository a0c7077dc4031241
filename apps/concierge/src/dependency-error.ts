/** What the service calls over HTTP; the names that the health check uses. */
export type DependencyName = 'rag' | 'llm'

/** A dependency answered with an error, or not at all. Carries what the policies around the call decide by. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError'
  readonly code = 'DEPENDENCY_FAILED'
  readonly dependency: DependencyName
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined
  readonly retryable: boolean
  /** How long the dependency asked us to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    dependency: DependencyName,
    {
      status,
      retryable,
      retryAfterMs,
      cause,
    }: { status?: number | undefined; retryable: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(status === undefined ? `${dependency} did not answer` : `${dependency} answered ${status}`, { cause })
    this.dependency = dependency
    this.status = status
    this.retryable = retryable
    this.retryAfterMs = retryAfterMs
  }
}
