import { ChangeLog, type Change } from './changes.ts'
import { INVISIBLE, removeInvisible } from './invisible.ts'
import { checkString } from './options.ts'

/** What `cleanText` made of a text. */
export interface CleanedText {
  readonly value: string
  /** Empty when the text was clean. */
  readonly changes: readonly Change[]
}

/** Anything but printable ASCII, tab and LF. */
const NOT_PLAIN = /[^\t\n\x20-\x7E]/
/** A class of one range is a third quicker to look for, and lines are rarer than texts without. */
const NOT_PRINTABLE = /[^\x20-\x7E]/

/** Printable ASCII is what most messages are, and is clean as it stands. */
export function isPlain(text: string): boolean {
  return !NOT_PRINTABLE.test(text) || !NOT_PLAIN.test(text)
}

/**
 * Removes what a reader cannot see and a writer does not type (controls, bidi overrides, zero-width and tag characters,
 * lone surrogates, noncharacters), makes every line end a LF, and normalises to NFC. What a script or an emoji needs
 * stays: joiners in Indic and Persian words, variation selectors after emoji and Han, direction marks in right-to-left
 * text, the flags of England, Scotland and Wales. Cleaning twice is the same as cleaning once.
 *
 * It has no limit of its own: check the length of untrusted text first, as `validateUserInput` does.
 *
 * @throws TypeError for what is not a string.
 * @example
 * ```ts
 * cleanText('pay\u200Bpal').value // 'paypal'
 * ```
 */
export function cleanText(text: string): CleanedText {
  checkString('text', text)
  const log = new ChangeLog()
  return { value: clean(text, log), changes: log.list() }
}

/** `cleanText`, into a log that has more to hold. */
export function clean(text: string, log: ChangeLog | undefined): string {
  if (isPlain(text)) return text
  // Composition can take away the neighbour that a kept joiner needs, and a removal can bring marks together: each
  // round of that is rare and removes something, so going round until nothing changes ends, and is what idempotent means.
  for (let value = text; ;) {
    const visible = INVISIBLE.test(value) ? removeInvisible(value, log) : value
    const normalized = normalize(visible, log)
    if (normalized === value) return value
    value = normalized
  }
}

/** No mark is below U+0300, and this class is quicker to look for. */
const MAY_BE_LONG_MARK_RUN = /[\u0300-\uFFFF]{31}/
const LONG_MARK_RUN = /(\p{M}{31,})/u

/**
 * NFC. Sorting a run of combining marks takes quadratic time, so runs over 30, which no language has (the bound of UAX
 * #15's Stream-Safe Text Format), are left as they stand.
 */
function normalize(text: string, log: ChangeLog | undefined): string {
  const normalized =
    MAY_BE_LONG_MARK_RUN.test(text) && LONG_MARK_RUN.test(text)
      ? text
          .split(LONG_MARK_RUN)
          .map((part, index) => (index % 2 === 1 ? part : part.normalize('NFC')))
          .join('')
      : text.normalize('NFC')
  if (normalized !== text) log?.set('normalized', 'nfc', firstDifference(text, normalized), 1)
  return normalized
}

function firstDifference(a: string, b: string): number {
  let index = 0
  while (a.charCodeAt(index) === b.charCodeAt(index)) index += 1
  return index
}
