import { expect, test } from 'vitest'
import * as retry from '@aplomb/retry'

test('@aplomb/retry exports what its README names, and nothing else', () => {
  expect(Object.keys(retry).sort()).toEqual([
    'RetryBudget',
    'RetryExhaustedError',
    'RetryPolicy',
    'Retryable',
    'TimeoutError',
    'constant',
    'decorrelated',
    'exponential',
    'isRetryExhaustedError',
    'isRetryable',
    'isTimeoutError',
    'linear',
    'retry',
    'retryable',
  ])
})
