import { scriptFindings, type ScriptFinding } from './mixed-script.ts'
import { checkString } from './options.ts'
import { sqlFindings, type SqlFinding } from './sql.ts'
import { tagFindings, type TagFinding } from './tag-smuggling.ts'

/** Something in a text that an attack would have too. `score` goes from 0 (chance) to 1 (certain). */
export type Finding = SqlFinding | TagFinding | ScriptFinding

/** Enough for a log line, and a bound on what a hostile text can put into it. */
const AT_MOST = 16

/**
 * What in a text is worth a line in the log: signals with a score, never a reason to refuse by itself. Give it the text
 * as it came, since `cleanText` removes what some findings are about.
 *
 * @throws TypeError for what is not a string.
 * @example
 * ```ts
 * findings("x' OR 1=1").map(({ kind }) => kind) // ['sql']
 * ```
 */
export function findings(text: string): readonly Finding[] {
  checkString('text', text)
  return [...sqlFindings(text), ...tagFindings(text), ...scriptFindings(text)].slice(0, AT_MOST)
}
