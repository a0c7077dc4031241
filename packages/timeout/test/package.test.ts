import { expect, test } from 'vitest'
import * as timeout from '@aplomb/timeout'

test('@aplomb/timeout exports what its README names, and nothing else', () => {
  expect(Object.keys(timeout).sort()).toEqual([
    'Deadline',
    'TimeoutError',
    'TimeoutPolicy',
    'idleTimeout',
    'isTimeoutError',
    'systemClock',
    'withTimeout',
  ])
})
