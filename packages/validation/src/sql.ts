/** Something that looks like an attempt at SQL injection. */
export interface SqlFinding {
  readonly kind: 'sql'
  readonly score: number
  /** Which trick it looks like. */
  readonly pattern: 'comment' | 'delay' | 'stacked-query' | 'tautology' | 'union-select'
  /** Where it begins, in UTF-16 code units. */
  readonly index: number
  /** How long it is, in UTF-16 code units. */
  readonly length: number
}

/**
 * The shapes that only SQL has: a quote that closes a string with something after it that a sentence would not have, or
 * two statements in one. Words alone ("select", "drop", "union") are English. Every repetition is bounded, so all of
 * them are linear.
 */
const PATTERNS: readonly { pattern: SqlFinding['pattern']; score: number; expression: RegExp }[] = [
  {
    pattern: 'tautology',
    score: 0.9,
    expression: /(?:['"]|\b\d{1,9})\)?\s{0,9}\b(?:or|and)\s{1,9}['"(]{0,2}\w{1,32}['"]?\s{0,9}=\s{0,9}['"(]?\w/i,
  },
  { pattern: 'union-select', score: 0.9, expression: /['")\d]\s{0,9}\bunion\s{1,9}(?:all\s{1,9})?select\b/i },
  {
    pattern: 'stacked-query',
    score: 0.9,
    expression:
      /;\s{0,9}(?:(?:drop|alter|create|truncate)\s{1,9}(?:table|database|schema|user|view)\b|delete\s{1,9}from\b|insert\s{1,9}into\b|update\s{1,9}\w{1,32}\s{1,9}set\b|exec(?:ute)?\s{1,9}\w)/i,
  },
  {
    pattern: 'delay',
    score: 0.8,
    expression: /\b(?:pg_sleep|sleep|benchmark)\s{0,9}\(\s{0,9}\d|\bwaitfor\s{1,9}delay\s{1,9}'/i,
  },
  { pattern: 'comment', score: 0.6, expression: /\w'\)?\s{0,9}(?:;\s{0,9})?(?:--|\/\*)|\w\/\*\*\/\w/ },
]

export function sqlFindings(text: string): SqlFinding[] {
  return PATTERNS.flatMap(({ pattern, score, expression }) => {
    const match = expression.exec(text)
    return match ? [{ kind: 'sql' as const, score, pattern, index: match.index, length: match[0].length }] : []
  })
}
