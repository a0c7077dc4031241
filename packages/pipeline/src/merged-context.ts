import type { PolicyContext } from './policy.ts'

/** The contexts of the outer policies that have fields to give, from the inside out. */
export interface OuterContexts {
  readonly context: PolicyContext
  readonly members: readonly string[]
  readonly outer: OuterContexts | undefined
}

/** Remembers `context` for the calls inside it, unless a signal is all that it has. */
export function withOuter(
  context: PolicyContext,
  members: readonly string[],
  outer: OuterContexts | undefined,
): OuterContexts | undefined {
  return members.length > 0 || hasOwnFields(context) ? { context, members, outer } : outer
}

/**
 * One context for `fn`: the fields of all, the inner ones over the outer ones, with the innermost signal. Reading
 * that signal is left to `fn`, because making one costs more than all the policies around it together.
 */
export function mergeContexts(
  innermost: PolicyContext,
  members: readonly string[],
  outer: OuterContexts,
): PolicyContext {
  const merged = new MergedContext(innermost)
  layFields(merged, { context: innermost, members, outer })
  return merged
}

/**
 * Finds the getters and methods of a context's class, which `for…in` passes over. One policy's contexts are of one
 * class, so that a reader for each policy has to look for them once only.
 */
export function classMembersReader(): (context: PolicyContext) => readonly string[] {
  let known: object | null = Object.prototype
  let members: readonly string[] = []
  return (context) => {
    const prototype: object | null = Object.getPrototypeOf(context)
    if (prototype !== known) {
      known = prototype
      members = findMembers(prototype)
    }
    return members
  }
}

class MergedContext implements PolicyContext {
  readonly #innermost: PolicyContext

  constructor(innermost: PolicyContext) {
    this.#innermost = innermost
  }

  get signal(): AbortSignal {
    return this.#innermost.signal
  }
}

function layFields(merged: MergedContext, { context, members, outer }: OuterContexts): void {
  if (outer !== undefined) layFields(merged, outer)
  for (const key in context) {
    if (key !== 'signal') (merged as unknown as Record<string, unknown>)[key] = context[key as keyof PolicyContext]
  }
  for (const name of members) layMember(merged, context, name)
}

/** A member is read when `fn` reads it, and from the context itself, since it may need private fields. */
function layMember(merged: MergedContext, context: PolicyContext, name: string): void {
  Object.defineProperty(merged, name, {
    get: (): unknown => {
      const value: unknown = context[name as keyof PolicyContext]
      return typeof value === 'function' ? value.bind(context) : value
    },
    // For the field of the same name of an inner policy.
    set: (value: unknown) => {
      Object.defineProperty(merged, name, { value })
    },
    enumerable: true,
    configurable: true,
  })
}

function hasOwnFields(context: PolicyContext): boolean {
  for (const key in context) if (key !== 'signal') return true
  return false
}

function findMembers(prototype: object | null): readonly string[] {
  const parent: object | null = prototype && Object.getPrototypeOf(prototype)
  // The root of a chain is the language's own Object.prototype, be it of another realm.
  if (prototype === null || parent === null) return []
  const own = Object.getOwnPropertyNames(prototype).filter(
    (name) =>
      name !== 'constructor' && name !== 'signal' && !Object.prototype.propertyIsEnumerable.call(prototype, name),
  )
  return [...new Set([...own, ...findMembers(parent)])]
}
