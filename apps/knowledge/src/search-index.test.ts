import { describe, expect, it } from 'vitest'
import type { Article } from './articles.ts'
import { createSearchIndex } from './search-index.ts'

const article = (id: string, title: string, questions: string[], text: string): Article => ({
  id,
  title,
  topic: 'cards',
  questions,
  text,
})

const index = createSearchIndex([
  article('freeze', 'Freezing a card', ['pause my card', 'card on ice'], 'Move the switch and the card rests.'),
  article('replace', 'Replacing a card', ['new plastic'], 'Order it. Freezing is another matter, with a switch.'),
  article('hours', 'Opening hours', ['when open'], 'From nine to five, near the tower.'),
  article('loans', 'Personal loans', ['borrow money'], 'Between one and forty thousand euro.'),
])
const found = (query: string, limit = 10): string[] => index.search(query, limit).map(({ id }) => id)

describe('createSearchIndex', () => {
  it('ranks a word in a title above the same word in a body', () => {
    expect(found('freezing card')).toEqual(['freeze', 'replace'])
  })

  it('finds an article by a sample question whose words its text does not have', () => {
    expect(found('pause card')[0]).toBe('freeze')
  })

  it('forgives one wrong letter in a long word', () => {
    expect(found('borow money')).toEqual(['loans'])
  })

  it('finds nothing by a single stray word of a body', () => {
    expect(found('height of the Eiffel tower')).toEqual([])
  })

  it('finds nothing if the query has no words', () => {
    expect([found(''), found('what is it?'), found('?!')]).toEqual([[], [], []])
  })

  it('gives the whole article and a score, best first', () => {
    const [first, second] = index.search('freezing card', 2)
    expect(first).toEqual({
      id: 'freeze',
      title: 'Freezing a card',
      topic: 'cards',
      text: 'Move the switch and the card rests.',
      score: expect.any(Number),
    })
    expect(first?.score).toBeGreaterThan(second?.score ?? Infinity)
  })

  it('gives no more than the limit', () => {
    expect(found('freezing card', 1)).toEqual(['freeze'])
  })
})
