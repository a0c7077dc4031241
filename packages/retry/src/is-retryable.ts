const networkCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN'])
const finalUndiciCodes = new Set(['UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG'])
const programmingErrors = new Set(['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError'])
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Whether an error is likely to pass: what `retry` asks when there is no `retryIf`.
 *
 * An own `retryable` decides (the rejection protocol). Else network errors are, by their `code`; a `fetch` that failed
 * for one of them; the HTTP statuses 408, 425, 429, 500, 502, 503 and 504 on `status`, `statusCode` or
 * `response.status`; and timeouts. Aborts, programming errors and everything else are not, a plain `Error` included.
 *
 * @example
 * retry(load, { retryIf: (error) => isRetryable(error) || error instanceof LockedError })
 */
export function isRetryable(error: unknown): boolean {
  try {
    return isObject(error) && isPassing(error)
  } catch {
    // A getter that throws, a revoked proxy: what cannot be read is no reason to retry, nor an error of its own.
    return false
  }
}

function isPassing(error: Record<string, unknown>): boolean {
  if (typeof error.retryable === 'boolean') return error.retryable
  if (error.name === 'AbortError') return false
  if (error.name === 'TimeoutError' || error.code === 'TIMEOUT' || hasNetworkCode(error)) return true
  // fetch rejects with `TypeError: fetch failed`, or `terminated` while the body is read; undici's own error is its cause.
  if (programmingErrors.has(error.name as string)) return hasNetworkCode(error.cause)
  const { status, statusCode, response } = error
  return [status, statusCode, isObject(response) && response.status].some((one) => passingStatuses.has(one as number))
}

function hasNetworkCode(error: unknown): boolean {
  if (!isObject(error) || typeof error.code !== 'string') return false
  const { code } = error
  return networkCodes.has(code) || (code.startsWith('UND_ERR_') && !finalUndiciCodes.has(code))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
