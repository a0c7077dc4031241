import type { PromptPassage } from '../prompt.ts'

const stopWords = new Set(
  'a an and are at be can do does for from have how i if in is it me my of on or the there to was what when where which who why will with you your'.split(
    ' ',
  ),
)

/**
 * Answers from the best passage: its first paragraph, which says the answer, and the sentence further down that fits the
 * question best, if one does. A figure fits a question for an amount as well as a shared word does.
 */
export function extract(question: string, passages: readonly PromptPassage[]): string | undefined {
  const [best] = passages
  if (best === undefined) return undefined
  const [first = '', ...rest] = best.text.trim().split(/\n\s*\n/)
  const wanted = wordsOf(question)
  const wantsAmount = /\b(how (much|many|long|often)|costs?|fees?|price|charged?|limits?)\b/i.test(question)
  const fit = (sentence: string): number =>
    [...wordsOf(sentence)].filter((word) => wanted.has(word)).length + (wantsAmount && /\d/.test(sentence) ? 1 : 0)
  const [detail] = rest
    .flatMap((paragraph) => paragraph.split(/(?<=[.!?])\s+/))
    .map((sentence) => ({ sentence, fit: fit(sentence) }))
    .filter((candidate) => candidate.fit >= 2)
    .sort((a, b) => b.fit - a.fit)
  const answer = [first, detail?.sentence].filter(Boolean).join(' ')
  return `${answer.replaceAll('**', '').replace(/\s+/g, ' ').trim()} [${best.n}]`
}

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{2,}/gu) ?? []
  return new Set(words.filter((word) => !stopWords.has(word)).map((word) => word.replace(/(ies|es|s|ing|ed)$/, '')))
}
