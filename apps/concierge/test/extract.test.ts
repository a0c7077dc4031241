import { expect, test } from 'vitest'
import { extract } from '../src/llm/offline/extract.ts'

const passage = {
  n: 1,
  title: 'Sending money abroad',
  text: 'Open **Pay**, then\n**International**.\n\nIt costs €10 a payment. Orders before 14:00 start the same working day.',
}

test('extract gives the first paragraph as plain text with the number of its source', () => {
  expect(extract('Where do I start?', [passage])).toBe('Open Pay, then International. [1]')
})

test('extract adds the sentence that has the amount that was asked for', () => {
  expect(extract('What does it cost to send money abroad?', [passage])).toBe(
    'Open Pay, then International. It costs €10 a payment. [1]',
  )
})

test('extract adds the sentence that shares words with the question', () => {
  expect(extract('which orders start today, the same day?', [passage])).toContain('Orders before 14:00')
})

test('extract has no answer without a passage', () => {
  expect(extract('Anything?', [])).toBeUndefined()
})
