import type { PromptPassage } from '../prompt.ts'

const stopWords = new Set(
  'a an and are at be can do does for from have how i if in is it me my of on or the there to was what when where which who why will with you your'.split(
    ' ',
  ),
)

/**
 * Answers from the best passage: its first paragraph, which says the answer, and the sentence further down that shares
 * most words with the question, if one shares at least two.
 */
export function extract(question: string, passages: readonly PromptPassage[]): string | undefined {
  const [best] = passages
  if (best === undefined) return undefined
  const [first = '', ...rest] = best.text.trim().split(/\n\s*\n/)
  const wanted = wordsOf(question)
  const [detail] = rest
    .flatMap((paragraph) => paragraph.split(/(?<=[.!?])\s+/))
    .map((sentence) => ({ sentence, shared: [...wordsOf(sentence)].filter((word) => wanted.has(word)).length }))
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.shared - a.shared)
  return `${[first, detail?.sentence].filter(Boolean).join(' ').replace(/\s+/g, ' ').trim()} [${best.n}]`
}

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{2,}/gu) ?? []
  return new Set(words.filter((word) => !stopWords.has(word)).map((word) => word.replace(/(ies|es|s|ing|ed)$/, '')))
}
