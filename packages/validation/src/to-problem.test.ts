import { expect, test } from 'vitest'
import * as z from 'zod'
import { userId } from './identifier.ts'
import { toProblem } from './to-problem.ts'
import { userInput } from './user-input.ts'
import { isValidationError, ValidationError } from './validation-error.ts'

const issue = { pointer: '/user_id', code: 'too_long', message: 'length in characters must be at most 64', limit: 64 }

test('toProblem makes problem details of a ValidationError', () => {
  expect(toProblem(new ValidationError([issue]))).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Content',
    status: 422,
    detail: '1 thing is not valid',
    code: 'VALIDATION_FAILED',
    errors: [issue],
  })
  expect(toProblem(new ValidationError([], { status: 413 }))).toMatchObject({ status: 413, title: 'Content Too Large' })
})

test('toProblem makes problem details of a ZodError, with a JSON Pointer to each field', () => {
  const schema = z.object({ user_id: userId(), 'a/b~c': z.array(z.object({ n: z.number().max(5) })) })
  const { error } = schema.safeParse({ user_id: '-', 'a/b~c': [{ n: 1 }, { n: 9 }] })
  expect(toProblem(error)).toMatchObject({
    status: 422,
    errors: [
      { pointer: '/user_id', code: 'invalid_format' },
      { pointer: '/a~1b~0c/1/n', code: 'too_big', limit: 5 },
    ],
  })
})

test('toProblem repeats neither a value nor an unknown key', () => {
  const schema = z.strictObject({
    message: userInput({ maxLength: 3 }),
    kind: z.enum(['a', 'b']),
    names: z.record(z.string().max(3), z.number()),
  })
  const { error } = schema.safeParse({ message: 'secret', kind: 'secret', names: { secret: 1 }, secret: 'secret' })
  const problem = toProblem(error)
  expect(problem?.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/message', 'too_long'],
    ['/kind', 'invalid_value'],
    ['/names', 'invalid_key'],
    ['', 'unrecognized_keys'],
  ])
  expect(JSON.stringify(problem)).not.toContain('secret')
})

test('toProblem makes nothing of any other error', () => {
  for (const error of [new Error('x'), new TypeError('x'), undefined, null, 'x', { issues: [] }]) {
    expect(toProblem(error)).toBeUndefined()
  }
})

test('a ValidationError is known by its shape, across copies of the package', () => {
  expect(isValidationError(new ValidationError([]))).toBe(true)
  expect(
    isValidationError(
      Object.assign(new Error('x'), { name: 'ValidationError', code: 'VALIDATION_FAILED', status: 422, issues: [] }),
    ),
  ).toBe(true)
  expect(isValidationError(Object.assign(new Error('x'), { code: 'VALIDATION_FAILED' }))).toBe(false)
  expect(isValidationError(new Error('x'))).toBe(false)
  expect(isValidationError({ code: 'VALIDATION_FAILED' })).toBe(false)
})

test('a ValidationError names its fields in the message and does not keep the array it was given', () => {
  const issues = [issue]
  const error = new ValidationError(issues)
  issues.length = 0
  expect(error.issues).toHaveLength(1)
  expect(error.message).toBe('/user_id: length in characters must be at most 64')
})

test('a ValidationError answers by itself, with application/problem+json', async () => {
  const response = new ValidationError([issue]).getResponse()
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ status: 422, errors: [issue] })
})
