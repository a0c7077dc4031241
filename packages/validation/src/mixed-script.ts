/** A word whose letters are not what they seem. */
export interface ScriptFinding {
  /** `confusable`: a word that reads as Latin and is not; `mixed-script`: letters of several scripts in one word. */
  readonly kind: 'confusable' | 'mixed-script'
  readonly score: number
  /** Where the word begins, in UTF-16 code units. */
  readonly index: number
  /** How long it is, in UTF-16 code units. */
  readonly length: number
}

const WORD = /[\p{L}\p{M}]+/gu
const LATIN = /\p{Script=Latin}/u
const GREEK = /\p{Script=Greek}/u
const CYRILLIC = /\p{Script=Cyrillic}/u
/** Fullwidth and mathematical letters: Latin in another dress. */
const STYLED_LATIN = /[\uFF21-\uFF3A\uFF41-\uFF5A\u{1D400}-\u{1D7CB}]/u
/** Greek and Cyrillic letters that look like a Latin one (from the confusables of UTS #39). */
const LOOK_ALIKES = /[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυАВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝ]/gu
const WORTH_A_LOOK = /[\p{Script=Greek}\p{Script=Cyrillic}\uFF21-\uFF3A\uFF41-\uFF5A\u{1D400}-\u{1D7CB}]/u

export function scriptFindings(text: string): ScriptFinding[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const where = { index, length: word.length }
    if (STYLED_LATIN.test(word)) return [{ kind: 'confusable' as const, score: 0.5, ...where }]
    if ([LATIN, GREEK, CYRILLIC].filter((script) => script.test(word)).length < 2) return []
    const rest = word.replaceAll(LOOK_ALIKES, '')
    const readsAsLatin = LATIN.test(rest) && !GREEK.test(rest) && !CYRILLIC.test(rest)
    return [
      readsAsLatin
        ? { kind: 'confusable' as const, score: 0.9, ...where }
        : { kind: 'mixed-script' as const, score: 0.5, ...where },
    ]
  })
}
