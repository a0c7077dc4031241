import { hostname } from 'node:os'
import { inspect } from 'node:util'
import { pino, type DestinationStream, type LoggerOptions as AllPinoOptions } from 'pino'
import { checkedLevel, environmentLevel, type Level } from './level.ts'
import { StructuredLogger, type Logger } from './logger.ts'
import { PlainObject, toKey, toPlain } from './plain.ts'
import { prettyDestination } from './pretty.ts'
import { Line, RecordBuilder, reservedKeys } from './record.ts'
import { createRedaction, type RedactOptions } from './redaction.ts'
import { semconv, type SemconvVersion } from './semconv.ts'
import { traceReader } from './trace.ts'

/**
 * pino's options that leave its lines what this logger promises. `base` replaces `pid` and `hostname`; serializers and
 * the mixin may throw.
 */
export type PinoOptions = Pick<AllPinoOptions, 'base' | 'mixin' | 'serializers' | 'timestamp' | 'transport'>

export interface LoggerOptions {
  /** The name of the service, written as `service.name`. */
  readonly service: string
  /** The version of the service, written as `service.version`. @default none */
  readonly version?: string | undefined
  /** The lowest level that is written. @default the environment's `LOG_LEVEL`, else `info` */
  readonly level?: Level | undefined
  /** What to keep out besides the usual secret keys; `false` keeps nothing out. @default {} */
  readonly redact?: RedactOptions | false | undefined
  /** Where lines go. @default standard output */
  readonly destination?: DestinationStream | undefined
  /** Options for pino. @default {} */
  readonly pino?: PinoOptions | undefined
  /** The version of OpenTelemetry's semantic conventions whose names the events use. @default '1.41' */
  readonly semconv?: SemconvVersion | undefined
  /**
   * Lines for people, by pino-pretty; JSON, if it is not installed.
   * @default true if lines go to standard output, and that is a terminal
   */
  readonly pretty?: boolean | undefined
}

/**
 * A logger for a service.
 *
 * @param options the name of the service, or all options
 * @throws {TypeError} for an option of the wrong shape
 * @throws {RangeError} for an unknown level or version of the conventions
 * @example
 * const logger = createLogger('concierge-agent')
 * logger.info('service started', { port: 8080 })
 */
export function createLogger(options: string | LoggerOptions): Logger {
  const {
    service,
    version,
    level,
    redact,
    destination,
    pino: pinoOptions = {},
    semconv: semconvVersion = '1.41',
    pretty,
  } = checked(typeof options === 'string' ? { service: options } : options)
  const { base, mixin, serializers, timestamp, transport } = pinoOptions

  const redaction = createRedaction(redact)
  const origin: Record<string, unknown> = { ...(base === undefined && { pid: process.pid, hostname: hostname() }) }
  origin['service.name'] = service
  if (version !== undefined) origin['service.version'] = version

  const clock = typeof timestamp === 'function' ? totalClock(timestamp) : timestamp
  const keysOfLine = [...reservedKeys, ...Object.keys(origin), ...keysOf(clock)]
  // pino would write its base before each line as a whole, whatever key the line has, too.
  const bindings = new PlainObject()
  for (const [key, value] of Object.entries(base ?? {})) {
    if (keysOfLine.includes(key)) continue
    bindings[toKey(key, redaction)] = redaction.isSecret(key) ? redaction.censor : toPlain(value, redaction)
  }

  const rules = {
    redaction,
    reserved: new Set([...keysOfLine, ...Object.keys(bindings)]),
    serializers: serializers && { ...serializers },
    activeTrace: traceReader(),
  }
  const builder = new RecordBuilder(rules, bindings)
  const instance = pino(
    {
      level: level === undefined ? environmentLevel(process.env.LOG_LEVEL) : checkedLevel(level),
      base: origin,
      // The builder has serialized what it hands over; pino's own serializer would take its `err` for an error again.
      serializers: { err: (value: unknown) => value },
      formatters: { log: (source) => builder.line(source) },
      ...(mixin && { mixin: total(mixin), mixinMergeStrategy: mergeMixin }),
      ...(clock !== undefined && { timestamp: clock }),
      ...(transport && { transport }),
    },
    ...streams(destination, pretty, transport !== undefined),
  )
  let reported = false
  const onWriteError = (error: unknown): void => {
    if (reported) return
    reported = true
    process.emitWarning(`The destination of the logger "${service}" failed: ${described(error)}`)
  }
  return new StructuredLogger(instance, builder, { names: semconv[semconvVersion], redaction, onWriteError })
}

function checked(options: LoggerOptions): LoggerOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options must be a service's name or an object, received ${inspect(options)}`)
  }
  const { service, version, destination, pretty, pino: pinoOptions, semconv: semconvVersion } = options
  if (typeof service !== 'string' || service === '') {
    throw new TypeError(`service must be a non-empty string, received ${inspect(service)}`)
  }
  if (version !== undefined && typeof version !== 'string') {
    throw new TypeError(`version must be a string, received ${inspect(version)}`)
  }
  if (destination !== undefined && typeof destination?.write !== 'function') {
    throw new TypeError(`destination must have a write method, received ${inspect(destination)}`)
  }
  if (pretty !== undefined && typeof pretty !== 'boolean') {
    throw new TypeError(`pretty must be a boolean, received ${inspect(pretty)}`)
  }
  if (semconvVersion !== undefined && !Object.hasOwn(semconv, semconvVersion)) {
    throw new RangeError(
      `semconv must be one of ${Object.keys(semconv).join(', ')}, received ${inspect(semconvVersion)}`,
    )
  }
  if (pinoOptions?.transport !== undefined && (destination !== undefined || pretty === true)) {
    throw new TypeError('pino.transport must stand alone, received it with a destination or pretty')
  }
  return options
}

function streams(
  destination: DestinationStream | undefined,
  pretty: boolean | undefined,
  hasTransport: boolean,
): [] | [DestinationStream] {
  if (hasTransport) return []
  const terminal = destination === undefined && process.stdout.isTTY
  if (pretty ?? terminal) {
    const target = destination ?? pino.destination({ fd: 1, sync: true })
    const stream = prettyDestination(target, terminal)
    if (stream !== undefined) return [stream]
  }
  return destination === undefined ? [] : [destination]
}

type Mixin = NonNullable<PinoOptions['mixin']>

/** A mixin that throws costs its own fields, and not the line. */
function total(mixin: Mixin): Mixin {
  return (...values) => {
    try {
      return mixin(...values)
    } catch {
      return {}
    }
  }
}

function mergeMixin(source: object, mixed: object): object {
  const line = source instanceof Line ? source : new Line(source)
  line.mixin = mixed
  return line
}

type Clock = Exclude<PinoOptions['timestamp'], boolean | undefined>

/** A clock that throws costs the line its own time, and gets pino's. */
function totalClock(clock: Clock): Clock {
  return () => {
    try {
      return clock()
    } catch {
      return pino.stdTimeFunctions.epochTime()
    }
  }
}

/** The keys of what a clock writes, which is the part of a JSON object that follows another. */
function keysOf(clock: Clock | boolean | undefined): string[] {
  if (typeof clock !== 'function') return []
  try {
    return Object.keys(JSON.parse(`{${clock().replace(/^,/, '')}}`) as object)
  } catch {
    return []
  }
}

function described(error: unknown): string {
  try {
    return inspect(error)
  } catch {
    return 'an error that cannot be inspected'
  }
}
