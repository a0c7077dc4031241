import type * as z from 'zod'
import type { Issue } from './validation-error.ts'

type Path = readonly PropertyKey[]

/**
 * By shape, so that the error of another copy of zod, of zod/mini, or one that is no `Error`, is one too. Those of zod 3
 * have no `_zod`, and their messages repeat the value.
 */
export function isZodError(error: unknown): error is z.core.$ZodError {
  if (typeof error !== 'object' || error === null || !('_zod' in error) || !('issues' in error)) return false
  return Array.isArray(error.issues) && error.issues.every(isZodIssue)
}

function isZodIssue({ code, message, path }: Partial<Record<keyof z.core.$ZodIssue, unknown>>): boolean {
  return typeof code === 'string' && typeof message === 'string' && Array.isArray(path)
}

/** A body of 1 MB can have half a million wrong elements, and is not worth an answer of 35 MB. */
const AT_MOST = 100

/**
 * Zod's issues in this package's form. With the schema at hand a pointer names only keys that the schema names: those of
 * a record are the sender's own words.
 */
export function issuesOf({ issues }: z.core.$ZodError, schema?: z.core.$ZodType): Issue[] {
  const told = issues.slice(0, AT_MOST).map((issue) => {
    const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path
    const pointer = toPointer(schema === undefined ? path : knownPart(path, schema))
    const { code, message, limit } = wording(issue)
    return limit === undefined ? { pointer, code, message } : { pointer, code, message, limit }
  })
  const more = issues.length - told.length
  return more === 0
    ? told
    : [...told, { pointer: '', code: 'too_many_issues', message: `and ${more} more`, limit: AT_MOST }]
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

/** More alternatives at one place than this, and the pointer ends there: a getter can make schemas without end. */
const ALTERNATIVES_AT_MOST = 1_000

function knownPart(path: Path, schema: z.core.$ZodType): Path {
  let schemas: Iterable<z.core.$ZodType> = [schema]
  for (const [index, key] of path.entries()) {
    // Sets, since the options of a recursive union have children in common: counted each time, they double at each level.
    const alternatives = new Set(schemas)
    const children = new Set<z.core.$ZodType>()
    for (const each of alternatives) {
      for (const same of sameValue(each)) alternatives.add(same)
      for (const child of childrenAt(each, key)) children.add(child)
      if (alternatives.size > ALTERNATIVES_AT_MOST) return path.slice(0, index)
    }
    if (children.size === 0) return path.slice(0, index)
    schemas = children
  }
  return path
}

/** The schemas that `schema` hands its value on to. Zod gives the elements of a set no key of their own. */
function sameValue({ _zod }: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = _zod as z.core.$ZodTypes['_zod']
  switch (def.type) {
    case 'union':
      return def.options
    case 'intersection':
      return [def.left, def.right]
    case 'pipe':
      return [def.in, def.out]
    case 'set':
      return [def.valueType]
    case 'lazy':
      return [(_zod as z.core.$ZodLazyInternals).innerType]
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
    case 'promise':
      return [def.innerType]
    default:
      return []
  }
}

/** The schema at `key` of what `schema` describes; none when it does not name that key. */
function childrenAt({ _zod }: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  const { def } = _zod as z.core.$ZodTypes['_zod']
  switch (def.type) {
    case 'object': {
      const child = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined
      return child === undefined ? [] : [child]
    }
    case 'record':
      return namesKey(def.keyType, key) ? [def.valueType] : []
    case 'array':
      return typeof key === 'number' ? [def.element] : []
    case 'tuple': {
      const item = typeof key === 'number' ? (def.items[key] ?? def.rest) : undefined
      return item === null || item === undefined ? [] : [item]
    }
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
