import type { PolicyContext } from './policy.ts'

/** The contexts of the outer policies that have fields to give, from the inside out. */
export interface OuterContexts {
  readonly context: PolicyContext
  readonly outer: OuterContexts | undefined
}

/** Remembers `context` for the calls inside it, unless a signal is all that it has. */
export function withOuter(context: PolicyContext, outer: OuterContexts | undefined): OuterContexts | undefined {
  for (const key in context) if (key !== 'signal') return { context, outer }
  return outer
}

/** One context for `fn`: the fields of all, the inner ones over the outer ones, with the innermost signal. */
export function mergeContexts(innermost: PolicyContext, outer: OuterContexts): PolicyContext {
  const merged = new MergedContext(innermost)
  layFields(merged, { context: innermost, outer })
  return merged
}

/** Leaves reading the signal to `fn`: making one may cost more than all the policies around it together. */
class MergedContext implements PolicyContext {
  readonly #innermost: PolicyContext

  constructor(innermost: PolicyContext) {
    this.#innermost = innermost
  }

  get signal(): AbortSignal {
    return this.#innermost.signal
  }
}

function layFields(merged: MergedContext, { context, outer }: OuterContexts): void {
  if (outer !== undefined) layFields(merged, outer)
  for (const key in context) {
    if (key !== 'signal') (merged as unknown as Record<string, unknown>)[key] = context[key as keyof PolicyContext]
  }
}
