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
  const { kind = 'custom', name } = policy
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
