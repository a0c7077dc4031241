import { inspect } from 'node:util'

/** How severe a line is; `silent` writes none. */
export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** pino's numbers, which are what a line's `level` holds. */
export const severity: Readonly<Record<Level, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Number.POSITIVE_INFINITY,
}

/** Names that Python's `logging` uses for the same levels. */
const synonyms: Readonly<Record<string, Level>> = { warning: 'warn', critical: 'fatal' }

/** Reads a level in any case, with Python's names too; `undefined` when there is no such level. */
export function parseLevel(value: unknown): Level | undefined {
  if (typeof value !== 'string') return undefined
  const name = value.trim().toLowerCase()
  if (Object.hasOwn(severity, name)) return name as Level
  return Object.hasOwn(synonyms, name) ? synonyms[name] : undefined
}

/** The level that an option asks for. */
export function checkedLevel(value: unknown): Level {
  const level = parseLevel(value)
  if (level !== undefined) return level
  throw new RangeError(`level must be one of ${Object.keys(severity).join(', ')}, received ${inspect(value)}`)
}

let warned = false

/** The level that `LOG_LEVEL` asks for. A wrong one must not stop the service: it warns once a process and means `info`. */
export function environmentLevel(value: string | undefined): Level {
  if (value === undefined) return 'info'
  const level = parseLevel(value)
  if (level === undefined && !warned) {
    warned = true
    process.emitWarning(`LOG_LEVEL must be one of ${Object.keys(severity).join(', ')}, received "${value}"; using info`)
  }
  return level ?? 'info'
}
