import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogger, testSink } from '@aplomb/logger'

const throwing = (): never => {
  throw new Error('no')
}
const circular: Record<string, unknown> = { a: 1 }
circular.self = circular
circular.list = [circular]
const revoked = Proxy.revocable({}, {})
revoked.revoke()

const hostile: readonly unknown[] = [
  revoked.proxy,
  circular,
  Object.defineProperty({ ok: 1 }, 'bad', { enumerable: true, get: throwing }),
  { toJSON: throwing },
  { toJSON: () => ({ toJSON: throwing }) },
  new Proxy({}, { ownKeys: throwing }),
  new Proxy({}, { get: throwing, getPrototypeOf: throwing, has: throwing }),
  new Proxy([1], { get: throwing }),
  Object.defineProperty(new Error('x'), 'stack', { get: throwing }),
  Object.defineProperty(new Error('x'), 'message', { value: 1n }),
  new Error('x', { cause: circular }),
  new AggregateError([circular, revoked.proxy]),
  Object.freeze(new TypeError('frozen')),
  { [Symbol.iterator]: throwing, constructor: throwing, hasOwnProperty: 1 },
  new Map<unknown, unknown>([[{ toString: throwing }, 1]]),
  new Date(Number.NaN),
  1n,
  Symbol('s'),
  throwing,
  '\u2028\uD800"\\\n\0',
]

/** Stands for a hostile value, which fast-check itself could not look at. */
class Hostile {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** The value with the hostile ones in their places. */
function given(value: unknown): never {
  if (value instanceof Hostile) return hostile[value.index] as never
  if (Array.isArray(value)) return value.map(given) as never
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value as never
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, given(item)])) as never
}

const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'level',
    'time',
    'msg',
    'pid',
    'service.name',
    'trace_id',
    'fields',
    'err',
    'toJSON',
    '__proto__',
    'a',
    'b',
  ),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    }),
    fc.nat(hostile.length - 1).map((index) => new Hostile(index)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const bag = fc.oneof(fc.dictionary(key, value, { maxKeys: 6 }), value)

/** The keys of every object of a JSON text, in the order they are written: JSON.parse would drop duplicates. */
function duplicateKeys(json: string): string[] {
  const duplicates: string[] = []
  const seen: Set<string>[] = []
  for (const [token, string] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{') seen.push(new Set())
    else if (token === '}') seen.pop()
    else if (string !== undefined) {
      const name = JSON.parse(string) as string
      if (seen.at(-1)?.has(name)) duplicates.push(name)
      seen.at(-1)?.add(name)
    }
  }
  return duplicates
}

test('duplicateKeys finds what JSON.parse hides', () => {
  expect(duplicateKeys('{"a":1,"b":{"a":"{\\"x\\":1"},"a":2}')).toEqual(['a'])
})

test('Logger never throws, and every call writes exactly one line of valid JSON without a duplicate key', () => {
  let text = ''
  const logger = createLogger({ service: 'demo', level: 'trace', destination: { write: (line) => (text += line) } })
  const property = fc.property(bag, bag, bag, value, (bindings, ambient, fields, message) => {
    text = ''
    const child = logger.child(given(bindings))
    child.withContext(given(ambient), () => {
      child.info('hello', given(fields))
      child.warn(given(fields), given(message))
      child.error(given(fields))
      child.debug(given(message), given(message))
      child.metric(given(message), given(message), given(message), given(fields))
      child.apiCall(given(fields))
      child.apiCall('GET', given(message), given(message), given(message), given(fields))
      child.llmCall(given(fields))
      child.toolCall({
        tool: given(message),
        success: given(message),
        durationMs: 1,
        error: given(message),
        fields: given(fields),
      })
    })
    const lines = text.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines).toHaveLength(9)
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ 'service.name': 'demo', pid: process.pid })
      expect(duplicateKeys(line)).toEqual([])
    }
  })
  fc.assert(property, { numRuns: 400 })
})

test('Logger hides the value of a secret wherever it stands', () => {
  const sink = testSink()
  const logger = createLogger({ service: 'demo', level: 'trace', destination: sink.stream })
  const place = fc.array(fc.oneof(fc.string(), fc.constant(0)), { maxLength: 6 })
  fc.assert(
    fc.property(place, fc.constantFrom('password', 'X-Api-Key', 'accessToken'), (path, secret) => {
      sink.clear()
      const fields = path.reduceRight<unknown>((inner, step) => (step === 0 ? [inner] : { [step]: inner }), {
        [secret]: 'hunter2',
      })
      logger.info('hello', { fields })
      expect(sink.lines()).toHaveLength(1)
      expect(JSON.stringify(sink.lines())).not.toContain('hunter2')
    }),
    { numRuns: 300 },
  )
})
