import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The runnable examples of a package: every `examples/*.ts`. */
export function examplesOf(folder: string): string[] {
  const examples = join(folder, 'examples')
  if (!existsSync(examples)) return []
  return readdirSync(examples)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(examples, file))
}

/** What an example says that it prints: its `// → text` comments, in order. */
export function expectedOutput(source: string): string[] {
  return [...source.matchAll(/\/\/ → (.+)$/gm)].map(([, text]) => (text ?? '').trim())
}

/** The expected texts that do not appear in the output in that order; empty when the example keeps its word. */
export function missingOutput(source: string, stdout: string): string[] {
  const lines = stdout.split('\n')
  let from = 0
  return expectedOutput(source).filter((text) => {
    const found = lines.findIndex((line, index) => index >= from && line.includes(text))
    if (found === -1) return true
    from = found + 1
    return false
  })
}

export interface ExampleRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script to its end in a process of its own; one that does not end by itself is killed after 30 s. */
export function runScript(node: string, args: readonly string[], cwd: string): Promise<ExampleRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, timeout: 30_000, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

/** The code blocks of a Markdown page that name the file, or the `#region` of one, that they are a copy of. */
export function codeBlocks(markdown: string): { readonly from: string | undefined; readonly code: string }[] {
  return [...markdown.matchAll(/(?:^<!-- (\S+) -->\n)?^```ts\n([\s\S]*?)\n```$/gm)].map(([, from, code]) => ({
    from,
    code: code ?? '',
  }))
}

/** The text of `examples/file.ts` or of `examples/file.ts#name`, the part between `// #region name` and `// #endregion`. */
export function exampleText(folder: string, from: string): string {
  const [file = '', region] = from.split('#')
  const text = readFileSync(join(folder, file), 'utf8')
  if (region === undefined) return text.trim()
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`)
  const end = lines.findIndex((line, index) => index > start && line.trim() === '// #endregion')
  if (start === -1 || end === -1) throw new Error(`${file} has no region ${region}`)
  const body = lines.slice(start + 1, end)
  const indent = Math.min(...body.filter(Boolean).map((line) => line.length - line.trimStart().length))
  return body
    .map((line) => line.slice(indent))
    .join('\n')
    .trim()
}
