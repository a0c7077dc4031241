import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** A help article: one Markdown file of `content/`, whose name without `.md` is its id. */
export interface Article {
  readonly id: string
  readonly title: string
  /** Kebab-case, e.g. `top-up`. */
  readonly topic: string
  /** How people ask for it; searched, never shown. */
  readonly questions: readonly string[]
  /** The body, in Markdown. */
  readonly text: string
}

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

const FrontMatter = z.strictObject({
  title: z.string().trim().min(1).max(100),
  topic: z.string().regex(kebabCase, 'must be kebab-case'),
  questions: z.array(z.string().trim().min(1)).min(3).max(8),
})

/**
 * Reads one article.
 *
 * @throws {TypeError} naming the file and every rule it breaks.
 */
export function parseArticle(fileName: string, source: string): Article {
  const refuse = (rule: string, cause?: unknown): never => {
    throw new TypeError(`${fileName}: ${rule}`, { cause })
  }

  const id = fileName.replace(/\.md$/, '')
  if (!kebabCase.test(id)) refuse('the file name must be kebab-case')

  const [, yaml = refuse('must start with front matter between two lines of ---'), body = ''] =
    /^---\r?\n(.*?)\r?\n---\r?\n(.*)$/s.exec(source) ?? []
  const text = body.trim()
  if (text === '') refuse('the body must not be empty')

  let fields: unknown
  try {
    fields = parse(yaml)
  } catch (error) {
    refuse('the front matter must be YAML', error)
  }
  const checked = FrontMatter.safeParse(fields)
  if (!checked.success) {
    return refuse(checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  }
  return { id, ...checked.data, text }
}

/**
 * Reads every `*.md` of a folder, in the order of their ids. One wrong article fails the whole load: a service that
 * starts with a hole in its knowledge answers wrongly in silence.
 */
export async function loadArticles(folder: string): Promise<readonly Article[]> {
  const fileNames = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort()
  if (fileNames.length === 0) throw new TypeError(`${folder}: must hold at least one article (*.md)`)
  return Promise.all(fileNames.map(async (name) => parseArticle(name, await readFile(join(folder, name), 'utf8'))))
}
