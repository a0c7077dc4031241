import * as validation from '@aplomb/validation'
import * as hono from '@aplomb/validation/hono'
import { expect, test } from 'vitest'

test('@aplomb/validation exports what its README names, and nothing else', () => {
  expect(Object.keys(validation).sort()).toEqual([
    'ValidationError',
    'cleanText',
    'findings',
    'identifier',
    'isValidationError',
    'parseSessionId',
    'parseUserId',
    'parseUserInput',
    'safeJson',
    'sessionId',
    'toProblem',
    'userId',
    'userInput',
    'validateSessionId',
    'validateUserId',
    'validateUserInput',
  ])
})

test('@aplomb/validation/hono exports the middleware, and nothing else', () => {
  expect(Object.keys(hono)).toEqual(['validator'])
})
