import type { Logger as PinoLogger } from 'pino'
import { context } from './context.ts'
import {
  apiCallEvent,
  llmCallEvent,
  metricEvent,
  toolCallEvent,
  type ApiCall,
  type Event,
  type Fields,
  type LlmCall,
  type ToolCall,
} from './events.ts'
import { checkedLevel, parseLevel, severity, type Level } from './level.ts'
import { isError, toPlain, toText } from './plain.ts'
import { Line, type RecordBuilder } from './record.ts'
import type { Redaction } from './redaction.ts'
import type { Names } from './semconv.ts'

/** Writes a line: the message first, with fields or an error after it, or the fields first, as pino has it. */
export interface LogMethod {
  (msg: string, fields?: Fields | Error): void
  (fields: Fields | Error, msg?: string): void
}

/**
 * Writes structured lines. No method throws because of what it is given, and none loses its line.
 *
 * @example
 * logger.info('service started', { port: 8080 })
 * logger.error('operation failed', { error })
 */
export interface Logger {
  /** Finer than `debug`. */
  readonly trace: LogMethod
  /** For whoever looks for a fault. */
  readonly debug: LogMethod
  /** What happens in the ordinary course. */
  readonly info: LogMethod
  /** Something unusual that was coped with. */
  readonly warn: LogMethod
  /** Something failed. */
  readonly error: LogMethod
  /** The process cannot go on. pino flushes the destination at once where it can. */
  readonly fatal: LogMethod

  /**
   * A measurement.
   *
   * @param unit in UCUM: `ms`, `s`, `By`, … @default '1'
   * @example logger.metric('latency', 1234.5, 'ms')
   */
  metric(name: string, value: number, unit?: string, attributes?: Fields): void

  /**
   * A request and its answer; at `error` for a 5xx or an error, at `warn` for a 4xx, else at `info`.
   *
   * @example logger.apiCall('POST', '/chat', 200, 1234.5)
   */
  apiCall(call: ApiCall): void
  apiCall(method: string, path: string, status: number, durationMs: number, fields?: Fields): void

  /**
   * A call of a language model; at `error` if it failed, else at `info`.
   *
   * @example logger.llmCall('llama-3.3-70b', 150, 50, 2345.6)
   */
  llmCall(call: LlmCall): void
  llmCall(model: string, inputTokens: number, outputTokens: number, durationMs: number, fields?: Fields): void

  /**
   * A run of a tool; at `error` if it failed, else at `info`.
   *
   * @example logger.toolCall('get_account_balance', true, 123.4)
   */
  toolCall(call: ToolCall): void
  toolCall(tool: string, success: boolean, durationMs: number, fields?: Fields): void

  /**
   * A logger that adds `bindings` to each of its lines. Without a level of its own it follows its parent's.
   *
   * @throws {RangeError} for an unknown level
   */
  child(bindings: Fields, options?: { readonly level?: Level | undefined }): Logger

  /** Runs `fn`; every line logged below it, by any logger of the process and across `await`, carries `fields`. */
  withContext<T>(fields: Fields, fn: () => T): T

  /** Changes the level of this logger and of the children that have none of their own. @throws {RangeError} */
  setLevel(level: Level): void
  isLevelEnabled(level: Level): boolean

  /** Asks the destination to write what it holds; settles when it says so, and rejects with its error. */
  flush(): Promise<void>

  /** The pino instance underneath, for libraries that want one. */
  readonly pino: PinoLogger
}

/** What a logger and its children have in common. */
export interface Shared {
  readonly names: Names
  readonly redaction: Redaction
  /** Told about a destination that throws. */
  readonly onWriteError: (error: unknown) => void
}

export class StructuredLogger implements Logger {
  readonly pino: PinoLogger
  readonly #builder: RecordBuilder
  readonly #shared: Shared

  constructor(pino: PinoLogger, builder: RecordBuilder, shared: Shared) {
    this.pino = pino
    this.#builder = builder
    this.#shared = shared
  }

  trace(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.trace) this.#log('trace', first, second)
  }

  debug(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.debug) this.#log('debug', first, second)
  }

  info(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.info) this.#log('info', first, second)
  }

  warn(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.warn) this.#log('warn', first, second)
  }

  error(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.error) this.#log('error', first, second)
  }

  fatal(first: unknown, second?: unknown): void {
    if (this.pino.levelVal <= severity.fatal) this.#log('fatal', first, second)
  }

  metric(name: string, value: number, unit: string = '1', attributes?: Fields): void {
    this.#emit('metric', { name, value, unit, attributes }, () =>
      metricEvent(this.#shared.names, name, value, unit, attributes),
    )
  }

  apiCall(first: ApiCall | string, path = '', status = 0, durationMs = 0, fields?: Fields): void {
    const call = typeof first === 'string' ? { method: first, path, status, durationMs, fields } : first
    this.#emit('api_call', call, () => apiCallEvent(this.#shared.names, call))
  }

  llmCall(first: LlmCall | string, inputTokens = 0, outputTokens = 0, durationMs = 0, fields?: Fields): void {
    const call = typeof first === 'string' ? { model: first, inputTokens, outputTokens, durationMs, fields } : first
    this.#emit('llm_call', call, () => llmCallEvent(this.#shared.names, call))
  }

  toolCall(first: ToolCall | string, success = false, durationMs = 0, fields?: Fields): void {
    const call = typeof first === 'string' ? { tool: first, success, durationMs, fields } : first
    this.#emit('tool_call', call, () => toolCallEvent(this.#shared.names, call))
  }

  child(bindings: Fields, options: { readonly level?: Level | undefined } = {}): Logger {
    const builder = this.#builder.withBindings(bindings)
    const level = options.level === undefined ? undefined : checkedLevel(options.level)
    const pino = this.pino.child({}, { formatters: { log: (source) => builder.line(source) } })
    // pino takes a child's level for none of its own if it is the parent's at the moment; setting it makes it own.
    if (level !== undefined) pino.level = level
    return new StructuredLogger(pino, builder, this.#shared)
  }

  withContext<T>(fields: Fields, fn: () => T): T {
    return context.run(this.#builder.ambient(fields), fn)
  }

  setLevel(level: Level): void {
    this.pino.level = checkedLevel(level)
  }

  isLevelEnabled(level: Level): boolean {
    return level !== 'silent' && this.pino.levelVal <= severity[level]
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.pino.flush((error) => (error ? reject(error) : resolve()))
    })
  }

  #log(level: Exclude<Level, 'silent'>, first: unknown, second: unknown): void {
    if (typeof first === 'string') this.#write(level, new Line(second), first)
    else this.#write(level, new Line(first), second === undefined ? messageOf(first) : second)
  }

  #emit(name: string, call: unknown, describe: () => Event): void {
    let event: Event
    try {
      event = describe()
    } catch {
      event = { level: 'error', msg: name, attributes: { [this.#shared.names.eventName]: name }, fields: { call } }
    }
    const { msg, attributes, fields } = event
    const level = parseLevel(event.level) ?? 'error'
    if (level !== 'silent' && this.isLevelEnabled(level)) this.#write(level, new Line(fields, attributes), msg)
  }

  #write(level: Exclude<Level, 'silent'>, line: Line, msg: unknown): void {
    const { redaction, onWriteError } = this.#shared
    try {
      if (typeof msg === 'string') this.pino[level](line, toText(msg, redaction))
      else if (msg === undefined) this.pino[level](line)
      else this.pino[level](line, JSON.stringify(toPlain(msg, redaction)))
    } catch (error) {
      onWriteError(error)
    }
  }
}

function messageOf(value: unknown): string | undefined {
  try {
    return isError(value) && typeof value.message === 'string' ? value.message : undefined
  } catch {
    return undefined
  }
}
