import { context, type Ambient } from './context.ts'
import { isBag, isError, limits, PlainObject, readOf, toKey, toPlain, type Plain } from './plain.ts'
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
  readonly #admitted: WeakMap<Ambient, PlainObject>

  constructor(rules: RecordRules, bindings: PlainObject, admitted: WeakMap<Ambient, PlainObject> = new WeakMap()) {
    this.#rules = rules
    this.#bindings = bindings
    this.#admitted = admitted
  }

  /** The builder of a child, whose bindings replace those of the same name. */
  withBindings(bindings: unknown): RecordBuilder {
    return new RecordBuilder(this.#rules, overlaid(this.#bindings, this.#own(bindings)), this.#admitted)
  }

  /** What a context holds that is opened inside of the one that is open. */
  ambient(fields: unknown): Ambient {
    return { rules: this.#rules, fields: overlaid(this.#context(), this.#own(fields)) }
  }

  /** One line. What stands nearer to the logger cannot be replaced by what a call brings along. */
  line(source: object): PlainObject {
    const line = source instanceof Line ? source : new Line(source)
    const record = overlaid(this.#context(), this.#bindings)
    const trace = this.#rules.activeTrace?.()
    if (trace !== undefined) {
      record.trace_id = trace.trace_id
      record.span_id = trace.span_id
      record.trace_flags = trace.trace_flags
    }
    const { event } = line
    if (event !== undefined) {
      for (const key in event) {
        const value = event[key]
        if (value === undefined) continue
        if (Object.hasOwn(record, key)) this.#setAside(record, key, record[key] as Plain)
        record[key] = toPlain(value, this.#rules.redaction)
      }
    }
    if (line.mixin !== undefined) this.#addFields(record, line.mixin)
    if (line.fields !== undefined) this.#addFields(record, line.fields)
    return record
  }

  /** Fields on their own: those of a child or of a context. */
  #own(fields: unknown): PlainObject {
    const record = new PlainObject()
    this.#addFields(record, fields)
    return record
  }

  /** The fields of the context, by the rules of this logger, whichever opened it. */
  #context(): PlainObject | undefined {
    const ambient = context.getStore()
    if (ambient === undefined || ambient.rules === this.#rules) return ambient?.fields
    let record = this.#admitted.get(ambient)
    if (record === undefined) {
      record = new PlainObject()
      const copy = toPlain(ambient.fields, this.#rules.redaction) as PlainObject
      for (const key in copy) {
        const value = copy[key] as Plain
        if (key === 'fields')
          record.fields = copied(value as PlainObject, copied(record.fields as PlainObject | undefined))
        else if (this.#rules.reserved.has(key)) this.#setAside(record, key, value)
        else record[key] = value
      }
      this.#admitted.set(ambient, record)
    }
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
      const name = toKey(key, redaction)
      if (reserved.has(name) || Object.hasOwn(record, name)) this.#setAside(record, name, plain)
      else record[name] = plain
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
    const aside = copied(record.fields as PlainObject | undefined)
    aside[key] = value
    record.fields = aside
  }
}

/** `over` on top of `under`, in a new object. What was set aside in either is kept. */
function overlaid(under: PlainObject | undefined, over: PlainObject): PlainObject {
  const merged = copied(over, copied(under))
  if (under?.fields !== undefined && over.fields !== undefined) {
    merged.fields = copied(over.fields as PlainObject, copied(under.fields as PlainObject))
  }
  return merged
}

function copied(source: PlainObject | undefined, target: PlainObject = new PlainObject()): PlainObject {
  for (const key in source) target[key] = source[key] as Plain
  return target
}
