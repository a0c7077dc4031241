import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadArticles } from '../src/articles.ts'
import { createSearchIndex } from '../src/search-index.ts'
import { offTopic, questions, unseenOffTopic, unseenQuestions } from './questions.ts'
import type { Question } from './questions.ts'

const articles = await loadArticles(fileURLToPath(new URL('../content', import.meta.url)))
const index = createSearchIndex(articles)
const found = (question: string): string[] => index.search(question, 3).map(({ id }) => id)

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

const share = (hits: number, of: number): number => Math.round((1000 * hits) / of) / 1000
const recallAt = (rank: number, asked: readonly Question[]): number =>
  share(asked.filter(({ question, article }) => found(question).slice(0, rank).includes(article)).length, asked.length)
describe('the questions of the evaluation', () => {
  it('are at least 200, and at least 30 off topic', () => {
    expect(questions.length).toBeGreaterThanOrEqual(200)
    expect(offTopic.length).toBeGreaterThanOrEqual(30)
  })

  it('ask for every article, and for no other', () => {
    expect([...new Set(questions.map(({ article }) => article))].sort()).toEqual(articles.map(({ id }) => id))
  })

  it('are not the sample questions or titles of the articles', () => {
    const known = new Set(articles.flatMap(({ title, questions: samples }) => samples.concat(title)).map(plain))
    expect(
      [...questions, ...unseenQuestions]
        .map(({ question }) => question)
        .filter((question) => known.has(plain(question))),
    ).toEqual([])
  })
})

describe.each([
  { set: 'questions', asked: questions },
  { set: 'unseen questions', asked: unseenQuestions },
])('search, asked $asked.length $set,', ({ asked }) => {
  const [first, amongThree] = [recallAt(1, asked), recallAt(3, asked)]

  it(`finds the right article first (recall@1 ${first})`, () => {
    expect(first).toBeGreaterThanOrEqual(0.75)
  })

  it(`finds the right article among three (recall@3 ${amongThree})`, () => {
    expect(amongThree).toBeGreaterThanOrEqual(0.9)
  })
})

describe.each([
  { set: 'questions off topic', asked: offTopic },
  { set: 'unseen questions off topic', asked: unseenOffTopic },
])('search, asked $asked.length $set,', ({ asked }) => {
  const silent = share(asked.filter((question) => found(question).length === 0).length, asked.length)

  it(`finds nothing (${silent})`, () => {
    expect(silent).toBeGreaterThanOrEqual(0.9)
  })
})
