import { stemmer } from 'stemmer'
import { synonyms } from './synonyms.ts'

/** Words that say how something is asked, not what is asked for. Compared before stemming. */
const stopWords = new Set(
  `a about above after again all also am an and any anybody anyone anything are as at be because been before being
  but by can cannot cant could did didnt do does doesnt doing done dont for from get gets getting give go goes going
  gonna got had happen happens has have having hello help her here hey hi him his how i id if ill im in into is isnt
  it its ive just know let like lot make me mine more most much my need no not now of off ok okay on one only or our
  out please pls really right s should so some somebody someone something still such t tell than thank thanks that
  thats the their them then there these they thing things this those to today too u up ur us very wanna want was way
  we well were what whats when where which while who whom whose why will wish with without wont would yes yet you
  your yours`.split(/\s+/),
)

/**
 * What a text is about: lower-case words without accents and apostrophes, stop words dropped, synonyms joined, each cut
 * to its Porter stem (https://tartarus.org/martin/PorterStemmer/). Articles and queries go through this same function.
 */
export function termsOf(text: string): string[] {
  const words = text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return (words ?? []).filter((word) => !stopWords.has(word)).map((word) => stemmer(synonyms.get(word) ?? word))
}
