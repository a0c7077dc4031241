import MiniSearch from 'minisearch'
import type { Article } from './articles.ts'
import { termsOf } from './terms.ts'

/** An article that answers a query. */
export interface Passage {
  readonly id: string
  readonly title: string
  readonly topic: string
  readonly text: string
  /** BM25+ with the boosts of the index: comparable within one answer only. */
  readonly score: number
}

export interface SearchIndex {
  /** Best first; empty if no article is about the query. */
  search(query: string, limit: number): readonly Passage[]
}

/**
 * What an article must score to count as being about a query, in units of the most that one word can tell: the inverse
 * document frequency of a word that a single article has. Below it lie the stray matches of a word or two in a body,
 * which is what a question about something else finds. Chosen on `questions` of `test/questions.ts`.
 */
const minimumEvidence = 4.5

/** Typing errors are forgiven from this length on: shorter words turn into other words with one letter changed. */
const fuzzyFromLength = 5

/** Builds the index over all articles at once; it does not change afterwards. */
export function createSearchIndex(articles: readonly Article[]): SearchIndex {
  const index = new MiniSearch<Article>({
    fields: ['title', 'questions', 'text', 'topic'],
    storeFields: ['title', 'topic', 'text'],
    extractField: (article, field) => {
      const value = article[field as keyof Article]
      return typeof value === 'string' ? value : value.join('\n')
    },
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 2, questions: 2, topic: 0.5 },
      fuzzy: (term) => (term.length >= fuzzyFromLength ? 1 : false),
      weights: { fuzzy: 0.3, prefix: 0 },
      bm25: { k: 1.2, b: 0.5, d: 0.5 },
    },
  })
  index.addAll(articles)
  const minimumScore = minimumEvidence * Math.log(1 + articles.length)

  return {
    search: (query, limit) =>
      index
        .search(query)
        .filter(({ score }) => score >= minimumScore)
        .slice(0, limit)
        .map(({ id, title, topic, text, score }) => ({ id, title, topic, text, score })),
  }
}
