import type { PolicyContext } from './policy.ts'

/** The contexts of the outer policies that have fields to give, from the inside out. */
export interface OuterContexts {
  readonly context: PolicyContext
  readonly outer: OuterContexts | undefined
}

/** Remembers `context` for the calls inside it, unless a signal is all that it has. */
export function withOuter(context: PolicyContext, outer: OuterContexts | undefined): OuterContexts | undefined {
  return hasFields(context) ? { context, outer } : outer
}

/**
 * One context for `fn`: the fields of all, the inner ones over the outer ones, with the innermost signal. Reading
 * that signal is left to `fn`, because making one costs more than all the policies around it together.
 */
export function mergeContexts(innermost: PolicyContext, outer: OuterContexts | undefined): PolicyContext {
  if (outer === undefined) return innermost
  const merged = new MergedContext(innermost)
  layFields(outer, merged)
  copyFields(innermost, merged)
  return merged
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

function layFields({ context, outer }: OuterContexts, merged: MergedContext): void {
  if (outer !== undefined) layFields(outer, merged)
  copyFields(context, merged)
}

function copyFields(context: PolicyContext, merged: MergedContext): void {
  for (const key in context) {
    if (key !== 'signal') (merged as unknown as Record<string, unknown>)[key] = context[key as keyof PolicyContext]
  }
  for (const name of classMembers(context)) {
    const get = (): unknown => {
      const value: unknown = context[name as keyof PolicyContext]
      return typeof value === 'function' ? value.bind(context) : value
    }
    Object.defineProperty(merged, name, { get, enumerable: true, configurable: true })
  }
}

function hasFields(context: PolicyContext): boolean {
  for (const key in context) if (key !== 'signal') return true
  return classMembers(context).length > 0
}

const none: readonly string[] = []
const membersByPrototype = new WeakMap<object, readonly string[]>()

/** Getters and methods of the context's class, which `for…in` passes over; found once per class. */
function classMembers(context: PolicyContext): readonly string[] {
  const prototype: object | null = Object.getPrototypeOf(context)
  if (prototype === Object.prototype || prototype === null) return none
  let members = membersByPrototype.get(prototype)
  if (members === undefined) {
    members = findMembers(prototype)
    membersByPrototype.set(prototype, members)
  }
  return members
}

function findMembers(prototype: object): string[] {
  const parent: object | null = Object.getPrototypeOf(prototype)
  // The root of a chain is the language's own Object.prototype, be it of another realm.
  if (parent === null) return []
  const own = Object.getOwnPropertyNames(prototype).filter(
    (name) =>
      name !== 'constructor' && name !== 'signal' && !Object.prototype.propertyIsEnumerable.call(prototype, name),
  )
  return [...new Set([...own, ...findMembers(parent)])]
}
