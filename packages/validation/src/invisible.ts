import type { ChangeLog, ChangeWhat } from './changes.ts'

/**
 * Characters that are never seen themselves (those of interlinear annotation too, which are not default-ignorable), and
 * line ends other than LF: whatever may have to go. Tab and LF stay.
 */
export const INVISIBLE: RegExp =
  /(?![\t\n])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Bidi_Control}\u2028\u2029\uFFF9-\uFFFB]/u
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu')

/** Unicode tag characters, which draw nothing and spell ASCII. */
export const TAGS: RegExp = /[\u{E0000}-\u{E007F}]+/gu
const TAGS_HERE = new RegExp(TAGS, 'uy')
const BLACK_FLAG = '\u{1F3F4}'
/** The only tag sequences that are recommended for general interchange (UTS #51, RGI): England, Scotland, Wales. */
export const SUBDIVISION_FLAG: RegExp =
  /(?<=\u{1F3F4})\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/uy

// What may stand before (TAIL) or after (HEAD) an invisible character that is kept.
const EMOJI_SEQUENCE_TAIL = /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?$/u
const EMOJI_HEAD = /^\p{Extended_Pictographic}/u
const EMOJI_TAIL = /(?![#*0-9])\p{Emoji}$/u
const KEYCAP_TAIL = /[#*0-9]$/
const HAN_TAIL = /\p{Script=Han}$/u
const MONGOLIAN_TAIL = /(?=\p{L})\p{Script=Mongolian}[\u180B-\u180D\u180F]?$/u
const DIRECTION_MARK_TAIL = /[\u061C\u200E\u200F]$/
// A mark may belong to many scripts, so the letter that bears it tells which one this is.
const JOINING_LETTER =
  /(?=\p{L})[\p{sc=Arab}\p{sc=Syrc}\p{sc=Nko}\p{sc=Mong}\p{sc=Mand}\p{sc=Adlm}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Mymr}\p{sc=Khmr}\p{sc=Bali}\p{sc=Java}\p{sc=Tibt}\p{sc=Bhks}\p{sc=Brah}\p{sc=Cakm}\p{sc=Dogr}\p{sc=Gran}\p{sc=Khoj}\p{sc=Kthi}\p{sc=Lana}\p{sc=Modi}\p{sc=Mtei}\p{sc=Nand}\p{sc=Newa}\p{sc=Saur}\p{sc=Shrd}\p{sc=Sidd}\p{sc=Takr}\p{sc=Tirh}]/u
const JOINING_TAIL = new RegExp(`${JOINING_LETTER.source}\\p{M}{0,7}$`, 'u')
const JOINING_HEAD =
  /^(?=[\p{L}\p{M}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nko}\p{scx=Mong}\p{scx=Mand}\p{scx=Adlm}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Mymr}\p{scx=Khmr}\p{scx=Bali}\p{scx=Java}\p{scx=Tibt}\p{scx=Bhks}\p{scx=Brah}\p{scx=Cakm}\p{scx=Dogr}\p{scx=Gran}\p{scx=Khoj}\p{scx=Kthi}\p{scx=Lana}\p{scx=Modi}\p{scx=Mtei}\p{scx=Nand}\p{scx=Newa}\p{scx=Saur}\p{scx=Shrd}\p{scx=Sidd}\p{scx=Takr}\p{scx=Tirh}]/u
// ZWJ and ZWNJ after a virama shape the letter before it, at the end of a word too (RFC 5892, appendix A). These are the
// characters with the combining class Virama in those scripts, as of Unicode 14.
const VIRAMA_TAIL =
  /[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D3B\u0D3C\u0D4D\u0DCA\u1039\u103A\u17D2\u1A60\u1B44\uA8C4\uA9C0\uABED\u{11046}\u{11070}\u{1107F}\u{110B9}\u{11133}\u{11134}\u{111C0}\u{11235}\u{1134D}\u{11442}\u{114C2}\u{115BF}\u{1163F}\u{116B6}\u{11839}\u{119E0}\u{11C3F}]\p{M}{0,3}$/u
// Persian shapes the last letter of an abbreviation with ZWJ, and parts a suffix from a number or a foreign word with ZWNJ.
const ARABIC_TAIL = /(?=\p{L})\p{Script=Arabic}\p{M}{0,7}$/u
const ARABIC_HEAD = /^(?=\p{L})\p{Script=Arabic}/u
const WORD_TAIL = /[\p{L}\p{N}]\p{M}{0,7}$/u
const RIGHT_TO_LEFT = /(?=\p{L})[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** Enough code units to see a letter with its marks, or one element of an emoji sequence. */
const CONTEXT = 16

/** Removes invisible characters where they have no business, and makes every line end a LF; one linear pass. */
export function removeInvisible(text: string, log: ChangeLog | undefined): string {
  let kept = ''
  let from = 0
  let tail = ''
  let rightToLeft: boolean | undefined
  const isRightToLeft = (): boolean => (rightToLeft ??= RIGHT_TO_LEFT.test(text))

  for (const { 0: found, index } of text.matchAll(EVERY_INVISIBLE)) {
    if (index < from) continue // the rest of what an earlier turn has dealt with
    tail = (tail + text.slice(Math.max(from, index - CONTEXT), index)).slice(-CONTEXT)
    kept += text.slice(from, index)
    from = index + found.length

    let keep = ''
    const lineEnd = lineEndAt(text, index)
    const [tags] = isTag(found) ? matchAt(TAGS_HERE, text, index) : []
    if (lineEnd > 0) {
      keep = '\n'
      from = index + lineEnd
      log?.add('normalized', 'line-end', index)
    } else if (tags !== undefined) {
      if (tail.endsWith(BLACK_FLAG)) [keep = ''] = matchAt(SUBDIVISION_FLAG, text, index)
      from = index + tags.length
      const removed = (tags.length - keep.length) / 2
      if (removed > 0) log?.add('removed', 'tag', index + keep.length, removed)
    } else if (belongs(found, tail, text.slice(from, from + CONTEXT), isRightToLeft)) {
      keep = found
    } else {
      log?.add('removed', whatIs(found), index)
    }
    kept += keep
    tail += keep
  }
  return kept + text.slice(from)
}

/** How long the line end at `index` is; CR LF is one, LF itself is none of our business. */
function lineEndAt(text: string, index: number): number {
  switch (text.charCodeAt(index)) {
    case 0x0d:
      return text.charCodeAt(index + 1) === 0x0a ? 2 : 1
    case 0x0b:
    case 0x0c:
    case 0x85:
    case 0x2028:
    case 0x2029:
      return 1
    default:
      return 0
  }
}

function belongs(character: string, tail: string, head: string, isRightToLeft: () => boolean): boolean {
  switch (character) {
    case '\u200D':
      return (
        (EMOJI_SEQUENCE_TAIL.test(tail) && EMOJI_HEAD.test(head)) || ARABIC_TAIL.test(tail) || joinsWord(tail, head)
      )
    case '\u200C':
      return (WORD_TAIL.test(tail) && ARABIC_HEAD.test(head)) || joinsWord(tail, head)
    case '\uFE0E':
    case '\uFE0F':
      return EMOJI_TAIL.test(tail) || (KEYCAP_TAIL.test(tail) && head.startsWith('\u20E3'))
    case '\u200E':
    case '\u200F':
    case '\u061C':
      return isRightToLeft() && !DIRECTION_MARK_TAIL.test(tail)
    case '\u180E':
      return MONGOLIAN_TAIL.test(tail)
  }
  if (isMongolianSelector(character)) return MONGOLIAN_TAIL.test(tail) && !isMongolianSelector(tail.slice(-1))
  return isVariationSelector(character) && HAN_TAIL.test(tail)
}

function joinsWord(tail: string, head: string): boolean {
  return JOINING_TAIL.test(tail) && (VIRAMA_TAIL.test(tail) || JOINING_HEAD.test(head))
}

function whatIs(character: string): ChangeWhat {
  if (/\p{Cc}/u.test(character)) return 'control'
  if (/\p{Cs}/u.test(character)) return 'surrogate'
  if (/\p{Bidi_Control}/u.test(character)) return 'bidi'
  if (/[\u200B-\u200D\u2060\uFEFF]/.test(character)) return 'zero-width'
  if (/[\uFFF9-\uFFFB]/.test(character)) return 'annotation'
  if (isVariationSelector(character) || isMongolianSelector(character)) return 'variation-selector'
  return /\p{Noncharacter_Code_Point}/u.test(character) ? 'noncharacter' : 'default-ignorable'
}

function isVariationSelector(character: string): boolean {
  return /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u.test(character)
}

function isMongolianSelector(character: string): boolean {
  return /[\u180B-\u180D\u180F]/.test(character)
}

function isTag(character: string): boolean {
  return character >= '\u{E0000}' && character <= '\u{E007F}' && character.length === 2
}

function matchAt(sticky: RegExp, text: string, index: number): readonly string[] {
  sticky.lastIndex = index
  return sticky.exec(text) ?? []
}
