import type { AnyPolicy } from './policy.ts'

/** A policy as plain data. */
export interface PolicyDescription {
  /** The policy's `kind`, or `'custom'` if it states none. */
  readonly kind: string
  readonly name?: string
  /** Only of a pipeline: what is in it, outermost first. */
  readonly policies?: readonly PolicyDescription[]
}

/** Reads by shape, so that a pipeline made by another copy of this package is looked into as well. */
export function describePolicy(policy: AnyPolicy): PolicyDescription {
  // What is no text, as JavaScript may pass it, has no place in plain data and breaks a message.
  const kind = typeof policy.kind === 'string' ? policy.kind : 'custom'
  const name = typeof policy.name === 'string' ? policy.name : undefined
  if (kind === 'pipeline' && 'describe' in policy && typeof policy.describe === 'function') {
    return policy.describe() as PolicyDescription
  }
  return describe(kind, name)
}

export function describe(
  kind: string,
  name: string | undefined,
  policies?: readonly PolicyDescription[],
): PolicyDescription {
  return { kind, ...(name === undefined ? {} : { name }), ...(policies === undefined ? {} : { policies }) }
}
