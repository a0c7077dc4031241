import { show } from './check-option.ts'
import type { PolicyDescription } from './description.ts'
import { PipelineOrderError, type OrderRule } from './pipeline-order-error.ts'

interface Rule {
  readonly outer: string
  readonly inner: string
  readonly because: string
}

const rules: Readonly<Record<OrderRule, Rule>> = {
  'fallback-inside-breaker': {
    outer: 'circuit-breaker',
    inner: 'fallback',
    because: 'its value hides the failures that the breaker is there to count',
  },
  'fallback-inside-retry': {
    outer: 'retry',
    inner: 'fallback',
    because: 'its value hides the failures that are to be retried',
  },
  'breaker-outside-retry': {
    outer: 'circuit-breaker',
    inner: 'retry',
    because: 'the breaker counts one failure for many failed calls, and opens too late',
  },
  'retry-inside-retry': {
    outer: 'retry',
    inner: 'retry',
    because: 'attempts multiply, 4 times 4 are 16 calls',
  },
  'hedge-outside-retry': {
    outer: 'hedge',
    inner: 'retry',
    because: 'each hedged call makes all the retries again',
  },
}

const ruleNames = Object.keys(rules) as OrderRule[]

/** @throws RangeError for a name that is no rule, since a misspelt permission would be a silent refusal. */
export function checkAllowed(allow: readonly OrderRule[]): void {
  if (!Array.isArray(allow)) throw new TypeError(`allow must be an array, received ${show(allow)}`)
  for (const [index, rule] of allow.entries()) {
    if (!ruleNames.includes(rule)) {
      throw new RangeError(`allow[${index}] must be one of ${ruleNames.join(', ')}, received ${show(rule)}`)
    }
  }
}

/** @throws PipelineOrderError for the first pair, outermost first, that breaks a rule that is not allowed. */
export function checkOrder(policies: readonly PolicyDescription[], allow: readonly OrderRule[]): void {
  const places = policies.map((policy, index) => placesIn(policy, `policies[${index}]`))
  for (const [index, outerPlaces] of places.entries()) {
    // Two places in the same element are the business of the pipeline in it, which has judged them with its own `allow`.
    const innerPlaces = places.slice(index + 1).flat()
    for (const outer of outerPlaces) for (const inner of innerPlaces) checkPair(outer, inner, allow)
  }
}

interface Place {
  readonly kind: string
  /** As people find it: `policies[2].policies[0] (circuit-breaker "payments")`. */
  readonly text: string
}

function placesIn({ kind, name, policies }: PolicyDescription, path: string): Place[] {
  if (policies !== undefined) {
    return policies.flatMap((policy, index) => placesIn(policy, `${path}.policies[${index}]`))
  }
  return [{ kind, text: `${path} (${kind}${name === undefined ? '' : ` "${name}"`})` }]
}

function checkPair(outer: Place, inner: Place, allow: readonly OrderRule[]): void {
  for (const name of ruleNames) {
    const rule = rules[name]
    if (rule.outer !== outer.kind || rule.inner !== inner.kind || allow.includes(name)) continue
    const fix = outer.kind === inner.kind ? 'Keep one of them' : `Put the ${inner.kind} before the ${outer.kind}`
    throw new PipelineOrderError(
      name,
      `${inner.text} is inside ${outer.text}: ${rule.because}. ${fix}, or allow '${name}'`,
    )
  }
}
