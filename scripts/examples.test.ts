import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeBlocks, examplesOf, exampleText, expectedOutput, missingOutput, runScript } from './examples.ts'
import { publishedPackages, root } from './packages.ts'

const places = [{ name: 'aplomb', folder: root }, ...publishedPackages()]

describe.each(places)('$name', ({ folder }) => {
  test('every TypeScript block of the README is one of its example files', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8')
    const blocks = codeBlocks(readme)
    expect(blocks.length).toBeGreaterThan(0)
    for (const { from, code } of blocks) {
      if (from === undefined) expect.fail(`this block names no example file in a comment above it:\n${code}`)
      expect(code).toBe(exampleText(folder, from))
    }
  })

  const examples = examplesOf(folder)

  test('there is an example', () => {
    expect(existsSync(join(folder, 'examples'))).toBe(true)
    expect(examples.length).toBeGreaterThan(0)
  })

  test.each(examples.map((path) => ({ path, file: basename(path) })))(
    'examples/$file runs, ends by itself and prints what it says',
    async ({ path }) => {
      const source = readFileSync(path, 'utf8')
      expect(expectedOutput(source), 'an example shows what it prints in `// → text` comments').not.toHaveLength(0)
      const run = await runScript(process.execPath, ['--conditions=@aplomb/source', path], root)
      expect(run).toMatchObject({ exitCode: 0, stderr: '' })
      expect(missingOutput(source, run.stdout)).toEqual([])
    },
    40_000,
  )
})
