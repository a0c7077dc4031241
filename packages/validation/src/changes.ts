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

type Counted = { -readonly [K in keyof Change]: Change[K] }

/** Adds up what the steps of a cleaning do. */
export class ChangeLog {
  #changes: Map<string, Counted> | undefined

  /** So many more. */
  add(kind: Change['kind'], what: ChangeWhat, index: number, count = 1): void {
    this.#change(kind, what, index).count += count
  }

  /** So many in all, those that are known included. */
  set(kind: Change['kind'], what: ChangeWhat, index: number, count: number): void {
    this.#change(kind, what, index).count = count
  }

  list(): readonly Change[] {
    return this.#changes === undefined ? NONE : [...this.#changes.values()]
  }

  #change(kind: Change['kind'], what: ChangeWhat, index: number): Counted {
    this.#changes ??= new Map()
    const key = `${kind} ${what}`
    let change = this.#changes.get(key)
    if (change === undefined) this.#changes.set(key, (change = { kind, what, count: 0, firstIndex: index }))
    // A later round can change something further to the front.
    if (index < change.firstIndex) change.firstIndex = index
    return change
  }
}
