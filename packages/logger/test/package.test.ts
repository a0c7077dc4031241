import { expect, test } from 'vitest'
import * as logger from '@aplomb/logger'
import * as hono from '@aplomb/logger/hono'

test('@aplomb/logger exports what its README names, and nothing else', () => {
  expect(Object.keys(logger).sort()).toEqual(['createLogger', 'testSink'])
})

test('@aplomb/logger/hono exports requestLogger, and nothing else', () => {
  expect(Object.keys(hono)).toEqual(['requestLogger'])
})
