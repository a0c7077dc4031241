import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeBlocks, examplesOf, exampleText, expectedOutput, missingOutput, runScript } from './examples.ts'
import { publishedPackages, root } from './packages.ts'

const packages = publishedPackages()
const readmes = [{ name: 'aplomb', folder: root }, ...packages]
const concierge = { name: 'concierge', folder: join(root, 'apps', 'concierge') }

test.each(readmes)('every TypeScript block in the README of $name is one of its example files', ({ folder }) => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  expect(readme.match(/^```(?!$)/gm), 'every fence that opens is closed').toHaveLength(
    readme.match(/^```$/gm)?.length ?? 0,
  )
  const blocks = codeBlocks(readme)
  expect(blocks.length).toBeGreaterThan(0)
  for (const { from, code } of blocks) {
    if (from === undefined) expect.fail(`this block names no example file in a comment above it:\n${code}`)
    expect(code).toBe(exampleText(folder, from))
  }
})

describe.each([...packages, concierge])('$name', ({ folder }) => {
  const examples = examplesOf(folder).map((path) => ({ path, file: basename(path) }))

  test('has an example', () => {
    expect(examples.length).toBeGreaterThan(0)
  })

  test.each(examples)('examples/$file runs, ends by itself and prints what it says', async ({ path }) => {
    const source = readFileSync(path, 'utf8')
    expect(expectedOutput(source), 'an example shows what it prints in `// → text` comments').not.toHaveLength(0)
    const run = await runScript(process.execPath, ['--conditions=@aplomb/source', path], root)
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(missingOutput(source, run.stdout)).toEqual([])
  })
})
