/**
 * How long the other side asks to be left alone, in milliseconds, `Infinity` for ever: `retryAfterMs` of an error (the rejection protocol),
 * or the Retry-After header (RFC 9110, 10.2.3) of a Response, of an error with `headers`, or of an error's `response`.
 */
export function retryAfterMs(outcome: unknown): number | undefined {
  try {
    if (typeof outcome !== 'object' || outcome === null) return undefined
    const { retryAfterMs: ms, headers, response } = outcome as Record<string, unknown>
    if (typeof ms === 'number' && ms >= 0) return ms
    return fromHeaders(headers) ?? fromHeaders((response as { headers?: unknown } | null | undefined)?.headers)
  } catch {
    // Foreign objects with getters of their own: what cannot be read must not take the place of the call's error.
    return undefined
  }
}

function fromHeaders(headers: unknown): number | undefined {
  const value = header(headers, 'retry-after')
  return value === undefined ? undefined : parse(value, header(headers, 'date'))
}

function parse(value: string, date: string | undefined): number | undefined {
  if (/^\d+$/.test(value)) return finite(Number(value) * 1_000)
  // Against the server's own Date, where it is sent: clocks that differ do not matter then.
  const sentAt = finite(httpDate(date ?? '')) ?? Date.now()
  return finite(Math.max(0, httpDate(value) - sentAt))
}

/** The three forms of RFC 9110, 5.6.7. `Date.parse` alone takes "-5" for a date, and asctime for local time. */
function httpDate(value: string): number {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return Number.NaN
  return Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined
}

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { get?: unknown }
  const found: unknown =
    typeof get === 'function'
      ? get.call(headers, name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  const value: unknown = Array.isArray(found) ? found[0] : found
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
}
