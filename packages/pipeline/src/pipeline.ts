import { CallContext } from './call-context.ts'
import { show } from './check-option.ts'
import { describe, describePolicy, type PolicyDescription } from './description.ts'
import { mergeContexts, withOuter, type OuterContexts } from './merged-context.ts'
import { checkAllowed, checkOrder } from './order.ts'
import type { OrderRule } from './pipeline-order-error.ts'
import type { AnyPolicy, ContextOf, ExecuteOptions, Policy, PolicyContext, ValueOf } from './policy.ts'

/** What a pipeline is called, and what it is allowed. */
export interface PipelineOptions {
  /** Shown by `describe()`. */
  readonly name?: string | undefined
  /** Orders to accept although they usually defeat themselves. @default [] */
  readonly allow?: readonly OrderRule[] | undefined
}

/**
 * Policies made into one, which is a policy again. `Context` and `Value` are as in `Policy`, of all policies together.
 */
export interface Pipeline<out Context extends PolicyContext = PolicyContext, out Value = never> extends Policy<
  Context,
  Value
> {
  readonly kind: 'pipeline'
  /** A function with `fn`'s `this`, arguments and name, every call of which goes through the pipeline. */
  wrap<This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R | PromiseLike<R>,
  ): (this: This, ...args: Args) => Promise<R | Value>
  /** Order, kinds and names as plain data, for a log line or a status page. */
  describe(): PolicyDescription
}

/**
 * Composes policies, outermost first. The whole is put together here, once; a call only runs through it.
 *
 * @throws TypeError if `policies` is no list, or an element has no `execute`; it names the element's place.
 * @throws PipelineOrderError for an order that defeats itself and is not in `allow`.
 * @example
 * ```ts
 * const call = pipeline([new RetryPolicy({ maxRetries: 3 }), breaker, new TimeoutPolicy({ timeoutMs: 1_000 })])
 * const response = await call.execute(({ signal, attempt }) => fetch(url, { signal }))
 * ```
 */
export function pipeline<const Policies extends readonly AnyPolicy[]>(
  policies: Policies,
  { name, allow = [] }: PipelineOptions = {},
): Pipeline<ContextOf<Policies>, ValueOf<Policies>> {
  checkPolicies(policies)
  if (name !== undefined && typeof name !== 'string') {
    throw new TypeError(`name must be a string, received ${show(name)}`)
  }
  checkAllowed(allow)
  const list: readonly AnyPolicy[] = [...policies]
  checkOrder(list.map(describePolicy), allow)
  const run = list.reduceRight<Run | undefined>(runIn, undefined) ?? runBare

  const execute = (fn: Fn, options?: ExecuteOptions): Promise<unknown> => {
    try {
      // Read once: the object is the caller's, who may use it for the next call while this one runs.
      const signal = options?.signal
      if (signal?.aborted === true) return Promise.reject(signal.reason)
      // A policy written by hand may return what is no promise.
      return Promise.resolve(run(fn, signal === undefined ? undefined : { signal }, undefined))
    } catch (error) {
      // A policy written by hand may let a synchronous throw of `fn` out.
      return Promise.reject(error)
    }
  }

  const composed: Pipeline<PolicyContext, unknown> = {
    kind: 'pipeline',
    name,
    execute,
    wrap: (fn) => {
      const wrapped = function (this: ThisParameterType<typeof fn>, ...args: Parameters<typeof fn>) {
        return execute(() => fn.apply(this, args))
      }
      return Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true })
    },
    describe: () => describe('pipeline', name, list.map(describePolicy)),
  }
  return composed as Pipeline<ContextOf<Policies>, ValueOf<Policies>>
}

type Fn = (context: PolicyContext) => unknown
type Run = (fn: Fn, options: ExecuteOptions | undefined, outer: OuterContexts | undefined) => Promise<unknown>

function runIn(inner: Run | undefined, policy: AnyPolicy): Run {
  if (inner === undefined) {
    return (fn, options, outer) =>
      outer === undefined
        ? policy.execute(fn, options)
        : policy.execute((context) => fn(mergeContexts(context, outer)), options)
  }
  if (policy.kind !== undefined && passOn.has(policy.kind)) {
    return (fn, options, outer) => policy.execute((context) => inner(fn, options, withOuter(context, outer)), options)
  }
  return (fn, options, outer) =>
    policy.execute((context) => inner(fn, { signal: context.signal }, withOuter(context, outer)), options)
}

const runBare: Run = async (fn, options) => fn(new CallContext(options?.signal))

/**
 * Kinds that abort nothing themselves: their signal is the caller's. If there was none, the next policy is told so,
 * instead of being handed one that never aborts: making that and listening to it costs more than the policies do.
 */
const passOn: ReadonlySet<string> = new Set(['circuit-breaker', 'rate-limiter', 'fallback', 'bulkhead'])

function checkPolicies(policies: readonly unknown[]): void {
  if (!Array.isArray(policies)) throw new TypeError(`policies must be an array, received ${show(policies)}`)
  for (const [index, policy] of policies.entries()) {
    if (typeof (policy as Partial<AnyPolicy> | null | undefined)?.execute !== 'function') {
      throw new TypeError(`policies[${index}] must have an execute method, received ${show(policy)}`)
    }
  }
}
