import MiniSearch from 'minisearch'
import type { Article } from './articles.ts'
import { termsOf } from './terms.ts'

/** An article that answers a query. */
export interface Passage {
  readonly id: string
  readonly title: string
  readonly topic: string
  readonly text: string
  /** BM25+ with the boosts of the index; comparable within one answer only. */
  readonly score: number
}

export interface SearchIndex {
  /** Best first; empty if no article is about the query. */
  search(query: string, limit: number): readonly Passage[]
}

/**
 * The share of a query's information that an article must contain to count as being about it. BM25 scores cannot say
 * "no article": they grow with the query's length and shrink with its commonness, so the gate is a share instead.
 */
const minimumCoverage = 0.45

/** Typing errors are forgiven from this length on: shorter words turn into other words with one letter changed. */
const fuzzyFromLength = 5

/** Builds the index over all articles at once; it does not change afterwards. */
export function createSearchIndex(articles: readonly Article[]): SearchIndex {
  const index = new MiniSearch<Article>({
    fields: ['title', 'questions', 'text', 'topic'],
    extractField: (article, field) => {
      const value = article[field as keyof Article]
      return typeof value === 'string' ? value : value.join('\n')
    },
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 3, questions: 2, topic: 0.5 },
      fuzzy: (term) => (term.length >= fuzzyFromLength ? 1 : false),
      weights: { fuzzy: 0.3, prefix: 0.3 },
    },
  })
  index.addAll(articles)
  const byId = new Map(articles.map((article) => [article.id, article]))
  const informationOf = informationIn(articles)

  return {
    search(query, limit) {
      const asked = new Set(termsOf(query))
      const total = sum([...asked].map(informationOf))
      return index
        .search(query)
        .filter(({ queryTerms }) => sum([...new Set(queryTerms)].map(informationOf)) >= minimumCoverage * total)
        .slice(0, limit)
        .flatMap(({ id, score }) => {
          const article = byId.get(id as string)
          return article === undefined
            ? []
            : [{ id: article.id, title: article.title, topic: article.topic, text: article.text, score }]
        })
    },
  }
}

/** A term's inverse document frequency in nats; a term in no article tells the most. */
function informationIn(articles: readonly Article[]): (term: string) => number {
  const frequencies = new Map<string, number>()
  for (const { title, questions, text } of articles) {
    for (const term of new Set(termsOf([title, ...questions, text].join('\n')))) {
      frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
    }
  }
  return (term) => Math.log(1 + articles.length / (1 + (frequencies.get(term) ?? 0)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
