import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'logger-'))
afterAll(() => rmSync(folder, { recursive: true }))

function run(destination: string, ending: string): Promise<{ code: number | null; stdout: string }> {
  const fixture = fileURLToPath(new URL('ending-service.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@aplomb/source', fixture, destination, ending], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout })))
}

const endings = [
  { ending: 'end', code: 0 },
  { ending: 'exit', code: 0 },
  { ending: 'throw', code: 1 },
  { ending: 'sigterm', code: 0 },
]

test.each(endings)(
  'Logger loses nothing through a worker transport: $ending',
  async ({ ending, code }) => {
    const file = join(folder, ending)
    expect(await run(file, ending)).toMatchObject({ code })
    expect(messages(readFileSync(file, 'utf8'))).toEqual({ count: 2_001, last: 'last' })
  },
  30_000,
)

test.each(endings)(
  'Logger loses nothing through standard output: $ending',
  async ({ ending, code }) => {
    const result = await run('stdout', ending)
    expect(result.code).toBe(code)
    expect(messages(result.stdout)).toEqual({ count: 2_001, last: 'last' })
  },
  30_000,
)

function messages(text: string): { count: number; last: unknown } {
  const lines = text.split('\n').filter(Boolean)
  return { count: lines.length, last: (JSON.parse(lines.at(-1) ?? '{}') as { msg?: unknown }).msg }
}
