import { createRequire } from 'node:module'
import type { DestinationStream } from 'pino'
import type { prettyFactory } from 'pino-pretty'

type PrettyModule = { readonly prettyFactory: typeof prettyFactory }

/** A destination that writes lines for people, or `undefined` where pino-pretty is not installed. */
export function prettyDestination(target: DestinationStream, colorize: boolean): DestinationStream | undefined {
  let module: PrettyModule
  try {
    module = createRequire(import.meta.url)('pino-pretty') as PrettyModule
  } catch {
    return undefined
  }
  const format = module.prettyFactory({
    colorize,
    singleLine: true,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
  })
  return {
    write(line) {
      target.write(format(visible(JSON.parse(line) as Record<string, unknown>)) ?? line)
    },
  }
}

/**
 * pino-pretty prints texts as they are, so that a newline in one starts a line that looks like another record, and an
 * escape sequence paints over what stands above. Both are made visible. A stack keeps its newlines: it is printed
 * indented, below its record.
 */
function visible(value: unknown, key?: string): object {
  return escaped(value, key) as object
}

function escaped(value: unknown, key: string | undefined): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(unprintable, (character) =>
      character === '\n' && key === 'stack'
        ? character
        : JSON.stringify(character)
            .slice(1, -1)
            .replace(/^[^\\]/, hex),
    )
  }
  if (Array.isArray(value)) return value.map((item) => escaped(item, undefined))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [escaped(name, undefined), escaped(item, name)]),
  )
}

/** Control characters of both ranges, line and paragraph separators, and what reverses the direction of writing. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
