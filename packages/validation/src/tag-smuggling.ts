import { SUBDIVISION_FLAG, TAGS } from './invisible.ts'

/** Text written in invisible tag characters. */
export interface TagFinding {
  readonly kind: 'tag-smuggling'
  readonly score: number
  /** What all the invisible tag characters spell together; the first 1,000 characters of it. */
  readonly text: string
  /** Where the first one stands, in UTF-16 code units. */
  readonly index: number
  /** How long they are together, in UTF-16 code units, without what stands between them. */
  readonly length: number
}

const TEXT_AT_MOST = 1_000

/** A model reads tag characters that no person sees; the flags of England, Scotland and Wales are no message. */
export function tagFindings(text: string): TagFinding[] {
  let index = -1
  let tags = ''
  for (const { 0: run, index: start } of text.matchAll(TAGS)) {
    SUBDIVISION_FLAG.lastIndex = start
    const flag = SUBDIVISION_FLAG.exec(text)?.[0] ?? ''
    if (index === -1 && run.length > flag.length) index = start + flag.length
    tags += run.slice(flag.length)
  }
  if (index === -1) return []
  const spelled = tags
    .replaceAll(/./gu, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) & 0x7f))
    .replaceAll(/[^\x20-\x7E]/g, '')
    .slice(0, TEXT_AT_MOST)
  return [{ kind: 'tag-smuggling', score: 1, text: spelled, index, length: tags.length }]
}
