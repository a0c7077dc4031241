/** What a change concerned. */
export type ChangeWhat =
  | 'bidi'
  | 'control'
  | 'default-ignorable'
  | 'line-end'
  | 'nfc'
  | 'noncharacter'
  | 'proto-key'
  | 'surrogate'
  | 'tag'
  | 'variation-selector'
  | 'whitespace'
  | 'zero-width'

/** One kind of change that a text went through; every change is reported. */
export interface Change {
  readonly kind: 'removed' | 'normalized' | 'trimmed'
  readonly what: ChangeWhat
  /** How many characters (code points) it concerned; 1 for `nfc`, which concerns the text as a whole. */
  readonly count: number
  /** Where the first one stood, in UTF-16 code units of the text as that step found it. */
  readonly firstIndex: number
}

/** Adds up what the steps of a cleaning do. */
export class ChangeLog {
  readonly #changes = new Map<string, Change>()

  add(kind: Change['kind'], what: ChangeWhat, firstIndex: number, count = 1): void {
    const key = `${kind} ${what}`
    const known = this.#changes.get(key)
    this.#changes.set(key, known ? { ...known, count: known.count + count } : { kind, what, count, firstIndex })
  }

  list(): readonly Change[] {
    return [...this.#changes.values()]
  }
}
