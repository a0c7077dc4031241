import { context } from './context.ts'
import { isBag, isError, limits, PlainObject, readOf, toPlain, type Plain } from './plain.ts'
import type { Redaction } from './redaction.ts'
import type { TraceIds } from './trace.ts'

/**
 * What a call hands to pino. pino looks into the object it is given before any formatter runs (for `method`, `headers`,
 * `err`, …), where a getter of the caller's may throw; it finds nothing in this one.
 */
export class Line {
  readonly fields: unknown
  /** What a typed event says itself, and what nobody else may say in its line. */
  readonly event: Readonly<Record<string, unknown>> | undefined
  mixin: unknown = undefined

  constructor(fields: unknown, event?: Readonly<Record<string, unknown>>) {
    this.fields = fields
    this.event = event
  }
}

type Serializers = Readonly<Record<string, (value: unknown) => unknown>>

/** Keys that only the logger may write. */
export const reservedKeys: readonly string[] =
  'level time msg service service.name service.version trace_id span_id trace_flags fields'.split(' ')

/** What the records of a logger and of its children are built by. */
export interface RecordRules {
  readonly redaction: Redaction
  readonly reserved: ReadonlySet<string>
  readonly serializers: Serializers | undefined
  readonly activeTrace: (() => TraceIds | undefined) | undefined
}

/** Builds the objects that pino writes: copies, so that the caller's are never changed, without secrets or forgeries. */
export class RecordBuilder {
  readonly #rules: RecordRules
  readonly #bindings: PlainObject

  constructor(rules: RecordRules, bindings: PlainObject = new PlainObject()) {
    this.#rules = rules
    this.#bindings = bindings
  }

  /** The builder of a child, whose bindings replace those of the same name. */
  withBindings(bindings: unknown): RecordBuilder {
    return new RecordBuilder(this.#rules, overlaid(this.#bindings, this.own(bindings)))
  }

  /** Fields on their own: those of a child or of a context. */
  own(fields: unknown): PlainObject {
    const record = new PlainObject()
    this.#addFields(record, fields)
    return record
  }

  /** One line. What stands nearer to the logger cannot be replaced by what a call brings along. */
  line(source: object): PlainObject {
    const line = source instanceof Line ? source : new Line(source)
    const record = overlaid(context.getStore(), this.#bindings)
    const trace = this.#rules.activeTrace?.()
    if (trace !== undefined) {
      record.trace_id = trace.trace_id
      record.span_id = trace.span_id
      record.trace_flags = trace.trace_flags
    }
    const { event } = line
    if (event !== undefined) {
      for (const key in event) if (event[key] !== undefined) record[key] = toPlain(event[key], this.#rules.redaction)
    }
    if (line.mixin !== undefined) this.#addFields(record, line.mixin)
    if (line.fields !== undefined) this.#addFields(record, line.fields)
    return record
  }

  #addFields(record: PlainObject, fields: unknown): void {
    let source: object
    let keys: string[]
    try {
      source = this.#bag(fields)
      keys = Object.keys(source)
    } catch {
      this.#setAside(record, 'fields', toPlain(fields, this.#rules.redaction))
      return
    }
    const { redaction, reserved } = this.#rules
    for (let index = 0; index < keys.length; index += 1) {
      if (index >= limits.entries) {
        this.#setAside(record, '…', `[${keys.length - index} more keys]`)
        break
      }
      const key = keys[index] as string
      const value = readOf(source, key)
      if (value === undefined) continue
      const plain = redaction.isSecret(key) ? redaction.censor : this.#plain(key, value)
      if (reserved.has(key) || Object.hasOwn(record, key)) this.#setAside(record, key, plain)
      else record[key] = plain
    }
  }

  /** The object whose properties are the fields. */
  #bag(fields: unknown): object {
    if (typeof fields === 'object' && fields !== null) {
      if (isBag(fields)) return fields
      if (isError(fields)) return { err: fields }
      const plain = toPlain(fields, this.#rules.redaction)
      if (plain instanceof PlainObject) return plain
    }
    throw new TypeError('not a bag of fields')
  }

  #plain(key: string, value: unknown): Plain {
    const { redaction, serializers } = this.#rules
    if (serializers === undefined || !Object.hasOwn(serializers, key)) return toPlain(value, redaction)
    try {
      return toPlain(serializers[key]?.(value), redaction)
    } catch {
      return '[Throws]'
    }
  }

  #setAside(record: PlainObject, key: string, value: Plain): void {
    const aside = new PlainObject()
    aside[key] = value
    record.fields = overlaid(record.fields as PlainObject | undefined, aside)
  }
}

/** `over` on top of `under`, in a new object. What was set aside in either is kept. */
export function overlaid(under: PlainObject | undefined, over: PlainObject): PlainObject {
  const merged = new PlainObject()
  if (under !== undefined) for (const key in under) merged[key] = under[key] as Plain
  for (const key in over) {
    const aside = key === 'fields' ? merged.fields : undefined
    const value = over[key] as Plain
    merged[key] = aside === undefined ? value : overlaid(aside as PlainObject, value as PlainObject)
  }
  return merged
}
