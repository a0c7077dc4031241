import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadArticles, parseArticle } from './articles.ts'

const good = {
  title: 'title: Opening hours',
  topic: 'topic: branches',
  questions: 'questions: [when open, opening hours, closing time]',
}
const article = (fields: object = {}, body = 'From nine to five.'): string =>
  `---\n${Object.values({ ...good, ...fields }).join('\n')}\n---\n\n${body}\n`

describe('parseArticle', () => {
  it('reads front matter and body; the file name is the id', () => {
    expect(parseArticle('opening-hours.md', article())).toEqual({
      id: 'opening-hours',
      title: 'Opening hours',
      topic: 'branches',
      questions: ['when open', 'opening hours', 'closing time'],
      text: 'From nine to five.',
    })
  })

  it('reads files with Windows line ends, and lines of --- within the body', () => {
    const { text } = parseArticle('a.md', article({}, 'One.\n---\nTwo.').replaceAll('\n', '\r\n'))
    expect(text).toBe('One.\r\n---\r\nTwo.')
  })

  it.each([
    ['Opening Hours.md', article(), 'the file name must be kebab-case'],
    ['a.md', 'Only text.', 'must start with front matter between two lines of ---'],
    ['a.md', article({ title: 'title: "' }), 'the front matter must be YAML'],
    ['a.md', article({}, ' '), 'the body must not be empty'],
    ['a.md', article({ title: 'title: ""' }), 'title:'],
    ['a.md', article({ title: `title: ${'a'.repeat(101)}` }), 'title:'],
    ['a.md', article({ topic: 'topic: Top Up' }), 'topic: must be kebab-case'],
    ['a.md', article({ questions: 'questions: [one, two]' }), 'questions:'],
    ['a.md', article({ questions: 'questions: [1, 2, 3, 4, 5, 6, 7, 8, 9]' }), 'questions:'],
    ['a.md', article({ questions: 'questions: [one, two, 3]' }), 'questions.2:'],
    ['a.md', article({ more: 'autor: me' }), 'autor'],
  ])('refuses a wrong article, naming its file and the rule (%#)', (fileName, source, rule) => {
    const parse = (): unknown => parseArticle(fileName, source)
    expect(parse).toThrow(TypeError)
    expect(parse).toThrow(`${fileName}: `)
    expect(parse).toThrow(rule)
  })
})

describe('loadArticles', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'articles-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('reads the Markdown files of a folder in the order of their ids', async () => {
    await Promise.all(['b.md', 'a.md', 'notes.txt'].map((name) => writeFile(join(folder, name), article())))
    expect((await loadArticles(folder)).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('fails as a whole if one article is wrong', async () => {
    await writeFile(join(folder, 'a.md'), article())
    await writeFile(join(folder, 'b.md'), article({}, ''))
    await expect(loadArticles(folder)).rejects.toThrow('b.md: the body must not be empty')
  })

  it('refuses a folder without articles', async () => {
    await expect(loadArticles(folder)).rejects.toThrow('must hold at least one article')
  })
})
