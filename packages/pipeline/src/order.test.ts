import { describe, expect, test } from 'vitest'
import { passThrough } from '../test/policies.ts'
import { fallback } from './fallback.ts'
import { hedge } from './hedge.ts'
import { pipeline } from './pipeline.ts'
import { isPipelineOrderError, PipelineOrderError, type OrderRule } from './pipeline-order-error.ts'
import type { AnyPolicy } from './policy.ts'

const retry = passThrough('retry')
const breaker = passThrough('circuit-breaker', 'payments')
const timeout = passThrough('timeout')
const answer = fallback({ to: () => 0 })
const hedged = hedge({ delayMs: 10 })

const refused: [OrderRule, AnyPolicy, AnyPolicy][] = [
  ['fallback-inside-breaker', breaker, answer],
  ['fallback-inside-retry', retry, answer],
  ['breaker-outside-retry', breaker, retry],
  ['retry-inside-retry', retry, passThrough('retry')],
  ['hedge-outside-retry', hedged, retry],
]

const broken = (make: () => unknown): PipelineOrderError => {
  try {
    make()
  } catch (error) {
    if (isPipelineOrderError(error)) return error
  }
  return expect.fail('no PipelineOrderError was thrown')
}

describe('order', () => {
  test.each(refused)('pipeline refuses %s', (rule, outer, inner) => {
    const error = broken(() => pipeline([timeout, outer, timeout, inner]))
    expect(error).toMatchObject({ name: 'PipelineOrderError', code: 'PIPELINE_ORDER', retryable: false, rule })
  })

  test.each(refused)('pipeline lets %s pass when it is allowed by name, and then only that', (rule, outer, inner) => {
    expect(() => pipeline([outer, inner], { allow: [rule] })).not.toThrow()
    const others = refused.map(([other]) => other).filter((other) => other !== rule)
    expect(broken(() => pipeline([outer, inner], { allow: others })).rule).toBe(rule)
  })

  test.each(refused.filter(([rule]) => rule !== 'retry-inside-retry'))(
    'pipeline accepts the other way round of %s',
    (_rule, outer, inner) => {
      expect(() => pipeline([inner, outer])).not.toThrow()
    },
  )

  test('PipelineOrderError tells both places, the reason and the way out', () => {
    expect(broken(() => pipeline([timeout, breaker, timeout, retry])).message).toBe(
      'policies[3] (retry) is inside policies[1] (circuit-breaker "payments"): the breaker counts one failure for many ' +
        "failed calls, and opens too late. Put the retry before the circuit-breaker, or allow 'breaker-outside-retry'",
    )
    expect(broken(() => pipeline([retry, retry])).message).toBe(
      'policies[1] (retry) is inside policies[0] (retry): attempts multiply, 4 times 4 are 16 calls. ' +
        "Keep one of them, or allow 'retry-inside-retry'",
    )
  })

  test('pipeline looks into a pipeline inside it, however deep, on either side', () => {
    const inner = pipeline([pipeline([timeout, retry])])
    const error = broken(() => pipeline([breaker, inner]))
    expect(error.message).toContain(
      'policies[1].policies[0].policies[1] (retry) is inside policies[0] (circuit-breaker "payments")',
    )
    expect(broken(() => pipeline([pipeline([breaker]), timeout, pipeline([retry])])).rule).toBe('breaker-outside-retry')
  })

  test('pipeline leaves alone what a pipeline inside it was allowed', () => {
    const inner = pipeline([retry, retry], { allow: ['retry-inside-retry'] })
    expect(() => pipeline([timeout, inner])).not.toThrow()
    expect(broken(() => pipeline([retry, inner])).rule).toBe('retry-inside-retry')
  })

  test('pipeline looks into a pipeline that another copy of the package made, by its shape', () => {
    const foreign = {
      ...timeout,
      kind: 'pipeline',
      describe: () => ({ kind: 'pipeline', policies: [{ kind: 'retry' }] }),
    }
    expect(broken(() => pipeline([breaker, foreign])).rule).toBe('breaker-outside-retry')
  })

  test('pipeline accepts the recommended order, and what it knows nothing about', () => {
    expect(() => pipeline([answer, timeout, retry, hedged, breaker, timeout])).not.toThrow()
    expect(() =>
      pipeline([passThrough('cache'), { execute: (fn, options) => timeout.execute(fn, options) }, retry]),
    ).not.toThrow()
  })

  test('pipeline refuses to allow what is no rule', () => {
    const allow = ['retry-inside-retry', 'retry-in-retry'] as OrderRule[]
    expect(() => pipeline([], { allow })).toThrow(
      new RangeError(
        'allow[1] must be one of fallback-inside-breaker, fallback-inside-retry, breaker-outside-retry, ' +
          'retry-inside-retry, hedge-outside-retry, received "retry-in-retry" (string)',
      ),
    )
    const one = 'retry-inside-retry' as unknown as OrderRule[]
    expect(() => pipeline([], { allow: one })).toThrow(
      new TypeError('allow must be an array, received "retry-inside-retry" (string)'),
    )
  })

  test('isPipelineOrderError knows its own, from whatever copy, and nothing else', () => {
    expect(isPipelineOrderError(new PipelineOrderError('retry-inside-retry', 'x'))).toBe(true)
    expect(isPipelineOrderError(Object.assign(new Error('x'), { code: 'PIPELINE_ORDER' }))).toBe(true)
    expect([new Error('x'), { code: 'PIPELINE_ORDER' }, undefined].some(isPipelineOrderError)).toBe(false)
  })
})
