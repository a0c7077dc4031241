import { readdirSync, readFileSync } from 'node:fs'
import { checkSync } from 'recheck'
import { expect, test } from 'vitest'

const folder = new URL('../src/', import.meta.url)
const literal = /(?<=[(=:,?!&|[]\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/[\n])+)\/([dgimsuvy]*)/g

const expressions = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => {
    const code = readFileSync(new URL(file, folder), 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
    return [...code.matchAll(literal)].map(([, source = '', flags = '']) => ({ file, source, flags }))
  })

test('the search for regular expressions finds those of the sources', () => {
  expect(expressions.length).toBeGreaterThan(30)
  expect(new Set(expressions.map(({ file }) => file)).size).toBeGreaterThanOrEqual(8)
})

test.each(expressions)(
  '$file: /$source/$flags is linear',
  ({ source, flags }) => {
    expect(checkSync(source, flags)).toMatchObject({ status: 'safe' })
  },
  30_000,
)
