import type * as z from 'zod'
import type { Issue } from './validation-error.ts'

type Path = readonly PropertyKey[]

/** By shape, so that the error of another copy of zod, or of zod/mini, is one too. */
export function isZodError(error: unknown): error is z.core.$ZodError {
  if (!(error instanceof Error) || !('issues' in error)) return false
  return (error.name === 'ZodError' || error.name === '$ZodError') && Array.isArray(error.issues)
}

/**
 * Zod's issues in this package's form. With the schema at hand a pointer names only keys that the schema names: those of
 * a record are the sender's own words.
 */
export function issuesOf(error: z.core.$ZodError, schema?: z.core.$ZodType): Issue[] {
  return error.issues.map((issue) => {
    const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path
    const pointer = toPointer(schema === undefined ? path : knownPart(path, schema))
    const { code, message, limit } = wording(issue)
    return limit === undefined ? { pointer, code, message } : { pointer, code, message, limit }
  })
}

function wording(issue: z.core.$ZodIssue): { code: string; message: string; limit?: number | undefined } {
  const { code, message } = issue
  switch (code) {
    case 'unrecognized_keys': // zod's own message repeats the keys
      return { code, message: 'has keys that are not allowed' }
    case 'too_big':
      return { code, message, limit: Number(issue.maximum) }
    case 'too_small':
      return { code, message, limit: Number(issue.minimum) }
    case 'custom': {
      const own: unknown = issue.params?.['code']
      const limit: unknown = issue.params?.['limit']
      return {
        code: typeof own === 'string' ? own : code,
        message,
        limit: typeof limit === 'number' ? limit : undefined,
      }
    }
    default:
      return { code, message }
  }
}

/** RFC 6901, section 3. */
function toPointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function knownPart(path: Path, schema: z.core.$ZodType): Path {
  let schemas = [schema]
  for (const [index, key] of path.entries()) {
    schemas = schemas.flatMap((each) => children(each, key))
    if (schemas.length === 0) return path.slice(0, index)
  }
  return path
}

/** The schemas that may stand at `key` of what `schema` describes; none when it does not name that key. */
function children(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  const {
    _zod: { def },
  } = schema as z.core.$ZodTypes
  switch (def.type) {
    case 'object': {
      const child = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined
      return child === undefined ? [] : [child]
    }
    case 'record':
      return namesKey(def.keyType, key) ? [def.valueType] : []
    case 'array':
      return [def.element]
    case 'set':
      return [def.valueType]
    case 'tuple':
      return [def.items[Number(key)] ?? def.rest].filter((item) => item !== null && item !== undefined)
    case 'union':
      return def.options.flatMap((option) => children(option, key))
    case 'intersection':
      return [def.left, def.right].flatMap((side) => children(side, key))
    case 'pipe':
      return [def.in, def.out].flatMap((side) => children(side, key))
    case 'lazy':
      return children(def.getter(), key)
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
    case 'promise':
      return children(def.innerType, key)
    default:
      return []
  }
}

/** Whether the schema of a record's keys is a list of them. */
function namesKey({ _zod: keys }: z.core.$ZodType, key: PropertyKey): boolean {
  return typeof key === 'string' && keys.values?.has(key) === true
}

/** An issue of this package's in zod's form, the way back from `wording`. */
export function zodIssue({ code, message, limit }: Issue): z.core.$ZodRawIssue {
  return { code: 'custom', input: undefined, message, params: limit === undefined ? { code } : { code, limit } }
}
