import { SUBDIVISION_FLAG, TAGS } from './invisible.ts'

/** Text written in invisible tag characters. */
export interface TagFinding {
  readonly kind: 'tag-smuggling'
  readonly score: number
  /** What the invisible tag characters spell. */
  readonly text: string
  /** Where they begin, in UTF-16 code units. */
  readonly index: number
  /** How long they are, in UTF-16 code units. */
  readonly length: number
}

/** A model reads tag characters that no person sees; the flags of England, Scotland and Wales are no message. */
export function tagFindings(text: string): TagFinding[] {
  return [...text.matchAll(TAGS)].flatMap(({ 0: run, index: start }) => {
    SUBDIVISION_FLAG.lastIndex = start
    const flag = SUBDIVISION_FLAG.exec(text)?.[0] ?? ''
    const length = run.length - flag.length
    if (length === 0) return []
    const spelled = run
      .slice(flag.length)
      .replaceAll(/./gu, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) & 0x7f))
      .replaceAll(/[^\x20-\x7E]/g, '')
    return [{ kind: 'tag-smuggling' as const, score: 1, text: spelled, index: start + flag.length, length }]
  })
}
