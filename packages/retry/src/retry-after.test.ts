import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const withHeaders = (headers: Record<string, string>): Response => new Response(null, { headers })
const date = 'Sun, 06 Nov 1994 08:49:30 GMT'

test.each([
  ['an own retryAfterMs', { retryAfterMs: 250 }, 250],
  ['seconds', withHeaders({ 'retry-after': '120' }), 120_000],
  ['an IMF-fixdate, against Date', withHeaders({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date }), 7_000],
  ['an RFC 850 date', withHeaders({ 'retry-after': 'Sunday, 06-Nov-94 08:49:37 GMT', date }), 7_000],
  ['an asctime date', withHeaders({ 'retry-after': 'Sun Nov  6 08:49:37 1994', date }), 7_000],
  ['a date in the past', withHeaders({ 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' }), 0],
  ['the headers of an error', { headers: { 'retry-after': '3' } }, 3_000],
  ["the headers of an error's response", { response: withHeaders({ 'retry-after': '4' }) }, 4_000],
  ['a Response without it', withHeaders({}), undefined],
  ['a negative number', withHeaders({ 'retry-after': '-5' }), undefined],
  ['words', withHeaders({ 'retry-after': 'soon' }), undefined],
  ['a number beyond all numbers', withHeaders({ 'retry-after': '9'.repeat(400) }), undefined],
  ['an own NaN', { retryAfterMs: Number.NaN }, undefined],
  ['a date in the past, beside a Date that is none', withHeaders({ 'retry-after': date, date: 'today' }), 0],
  ['headers that throw', { headers: new Proxy({}, { get: () => expect.unreachable() }) }, undefined],
  ['a primitive', 'busy', undefined],
  ['nothing', undefined, undefined],
])('retryAfterMs reads %s', (_, outcome, expected) => {
  expect(retryAfterMs(outcome)).toBe(expected)
})

test('retryAfterMs reads a date without a Date beside it against the wall clock', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()
  const ms = retryAfterMs(withHeaders({ 'retry-after': inAnHour })) ?? 0
  expect(Math.abs(ms - 3_600_000)).toBeLessThan(60_000)
})
