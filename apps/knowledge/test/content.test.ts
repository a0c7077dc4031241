import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadArticles } from '../src/articles.ts'

const articles = await loadArticles(fileURLToPath(new URL('../content', import.meta.url)))

const repeated = (texts: readonly string[]): string[] => texts.filter((text, at) => texts.indexOf(text) !== at)

describe('content', () => {
  it('has at least 84 articles in at least 12 topics', () => {
    expect(articles.length).toBeGreaterThanOrEqual(84)
    expect(new Set(articles.map(({ topic }) => topic)).size).toBeGreaterThanOrEqual(12)
  })

  it.each(articles)('$id is 80 to 180 words long', ({ text }) => {
    const words = text.split(/\s+/).length
    expect(words).toBeGreaterThanOrEqual(80)
    expect(words).toBeLessThanOrEqual(180)
  })

  it('says nothing twice: titles, sample questions and paragraphs are unique', () => {
    expect(repeated(articles.map(({ title }) => title))).toEqual([])
    expect(repeated(articles.flatMap(({ questions }) => questions))).toEqual([])
    expect(repeated(articles.flatMap(({ text }) => text.split('\n\n')))).toEqual([])
  })

  it('names only telephone numbers that exist in fiction alone', () => {
    const numbers = new Set(articles.flatMap(({ text }) => text.match(/\b555-\d+\b/g) ?? []))
    expect([...numbers].sort()).toEqual(['555-0100', '555-0111', '555-0122', '555-0133', '555-0144', '555-0155'])
  })
})
