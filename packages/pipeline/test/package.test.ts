import { expect, test } from 'vitest'
import * as surface from '@aplomb/pipeline'

test('@aplomb/pipeline exports what its README names, and nothing else', () => {
  expect(Object.keys(surface).sort()).toEqual([
    'BulkheadFullError',
    'PipelineOrderError',
    'bulkhead',
    'fallback',
    'hedge',
    'isBulkheadFullError',
    'isPipelineOrderError',
    'pipeline',
  ])
})

test('@aplomb/pipeline makes policies that state their kind', () => {
  const { bulkhead, fallback, hedge, pipeline } = surface
  const made = [bulkhead({ maxConcurrent: 1 }), fallback({ to: () => 0 }), hedge({ delayMs: 1 }), pipeline([])]
  expect(made.map(({ kind }) => kind)).toEqual(['bulkhead', 'fallback', 'hedge', 'pipeline'])
})
