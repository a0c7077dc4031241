/** What a change concerned. */
export type ChangeWhat =
  | 'annotation'
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

/** What clean text, which most is, went through. */
const NONE: readonly Change[] = /* @__PURE__ */ Object.freeze([])

/** Adds up what the steps of a cleaning do. */
export class ChangeLog {
  #changes: Map<string, Change> | undefined

  /** So many more. */
  add(kind: Change['kind'], what: ChangeWhat, firstIndex: number, count = 1): void {
    this.set(kind, what, firstIndex, count + (this.#changes?.get(`${kind} ${what}`)?.count ?? 0))
  }

  /** So many in all, those that are known included. */
  set(kind: Change['kind'], what: ChangeWhat, firstIndex: number, count: number): void {
    this.#changes ??= new Map()
    const key = `${kind} ${what}`
    const first = Math.min(firstIndex, this.#changes.get(key)?.firstIndex ?? firstIndex)
    this.#changes.set(key, { kind, what, count, firstIndex: first })
  }

  list(): readonly Change[] {
    return this.#changes === undefined ? NONE : [...this.#changes.values()]
  }
}
