/** An error by its shape: `instanceof Error` is false for one of another realm, such as that of a test runner. */
export function hasCode(error: unknown, code: string): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code: own, name, message } = error as Partial<Record<'code' | 'name' | 'message', unknown>>
  return own === code && typeof name === 'string' && typeof message === 'string'
}
