/** A destination that keeps what is written to it. */
export interface TestSink {
  /** Hand it to `createLogger` as `destination`. */
  readonly stream: { write(line: string): void }
  /** The lines so far, parsed. @throws {SyntaxError} if one is not JSON */
  lines(): Record<string, unknown>[]
  /** Forgets the lines so far. */
  clear(): void
}

/**
 * Collects lines for a test to look at.
 *
 * @example
 * const sink = testSink()
 * createLogger({ service: 'demo', destination: sink.stream }).info('hello')
 * sink.lines()[0].msg // → 'hello'
 */
export function testSink(): TestSink {
  let text = ''
  return {
    stream: {
      write(line) {
        text += line
      },
    },
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    clear() {
      text = ''
    },
  }
}
