import type { Context, Env, MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { checkObject, typeOf } from './options.ts'
import { jsonLimits, notJson, safeJson, tooLarge, type JsonLimits } from './safe-json.ts'
import { ValidationError, type ValidationStatus } from './validation-error.ts'
import { issuesOf } from './zod-issues.ts'

/** The parts of a request that can be validated. */
export type ValidatorTarget = 'json' | 'param' | 'query' | 'header'

/** Options of `validator`. */
export interface ValidatorOptions {
  /** For the target `json`: what `safeJson` allows. */
  limits?: JsonLimits
}

/**
 * Hono middleware that validates a part of the request with a zod schema; `c.req.valid(target)` is then its typed output.
 *
 * It throws a `ValidationError` whose `status` is 415 for a body that is not JSON by its header, 413 for one with too many
 * bytes, 400 for broken JSON, duplicate keys, too much depth or too many keys, and 422 for what the schema refuses. Hono
 * answers with its problem details; an app with an `onError` gets the error there (see `toProblem`).
 *
 * @throws TypeError or RangeError, when it is made, for a schema that is not of zod 4 and for limits that cannot be.
 * @example
 * ```ts
 * app.post('/chat', validator('json', z.object({ message: userInput() })), (c) => c.json(c.req.valid('json')))
 * ```
 */
export function validator<
  Target extends ValidatorTarget,
  Schema extends z.core.$ZodType,
  E extends Env = Env,
  Path extends string = string,
>(
  target: Target,
  schema: Schema,
  options: ValidatorOptions = {},
): MiddlewareHandler<
  E,
  Path,
  { in: { [K in Target]: z.core.input<Schema> }; out: { [K in Target]: z.core.output<Schema> } }
> {
  if (!Object.hasOwn(readers, target)) {
    throw new RangeError(`target must be one of ${Object.keys(readers).join(', ')}, received ${target}`)
  }
  if (!isZodSchema(schema)) throw new TypeError(`schema must be a schema of zod 4, received ${typeOf(schema)}`)
  checkObject('options', options)
  const { limits } = options
  if (limits !== undefined && target !== 'json') {
    throw new TypeError(`limits are for the target json, received ${target}`)
  }
  const checkedLimits = jsonLimits(limits === undefined ? {} : limits)
  return async function validate(c, next) {
    const input = await readers[target](c, checkedLimits)
    const result = await z.safeParseAsync(schema, input)
    if (!result.success) throw new ValidationError(issuesOf(result.error, schema))
    c.req.addValidatedData(target, result.data as object)
    await next()
  }
}

function isZodSchema(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && '_zod' in schema
}

const readers: Readonly<Record<ValidatorTarget, (c: Context, limits: Required<JsonLimits>) => unknown>> = {
  json: readJson,
  param: (c) => c.req.param(),
  // A parameter given twice stays an array, which a schema for one string refuses.
  query: (c) =>
    Object.fromEntries(Object.entries(c.req.queries()).map(([key, all]) => [key, all.length > 1 ? all : all[0]])),
  header: (c) => c.req.header(),
}

const JSON_TYPE = /^application\/(?:[\w.-]{1,64}\+)?json[ \t]*(?:;|$)/i

async function readJson(c: Context, limits: Required<JsonLimits>): Promise<unknown> {
  const encoding = c.req.header('content-encoding') ?? 'identity'
  if (!JSON_TYPE.test(c.req.header('content-type') ?? '') || encoding.toLowerCase() !== 'identity') {
    const message = 'must be JSON, sent as application/json without a content encoding'
    throw new ValidationError([{ pointer: '', code: 'unsupported_media_type', message }], { status: 415 })
  }
  const bytes = await readBody(c, limits.bytes)
  if (bytes === undefined) throw new ValidationError([tooLarge(limits.bytes)], { status: 413 })
  const result = safeJson(bytes, limits)
  if (result.ok) return result.value
  const status: ValidationStatus = result.issues.some(({ code }) => code === 'too_large') ? 413 : 400
  throw new ValidationError(result.issues, { status })
}

/** The body, or `undefined` when it has more bytes than it may; stops reading there, whatever Content-Length said. */
async function readBody(c: Context, limit: number): Promise<Uint8Array | undefined> {
  const { raw, bodyCache } = c.req
  // Another middleware has read it: Hono keeps what it read, a failure too.
  if (Object.keys(bodyCache).length > 0) {
    return c.req.arrayBuffer().then(
      (body) => new Uint8Array(body),
      () => {
        throw new ValidationError([notJson()], { status: 400 })
      },
    )
  }
  if (Number(c.req.header('content-length') ?? 0) > limit) return undefined

  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of raw.body ?? []) {
    length += chunk.byteLength
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  Object.assign(bodyCache, { arrayBuffer: Promise.resolve(body.buffer) })
  return body
}
