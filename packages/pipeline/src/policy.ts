/** What every policy gives to the function it runs; most add fields of their own. */
export interface PolicyContext {
  /** Aborted when the call should stop; always there, and made only when it is read. */
  readonly signal: AbortSignal
}

/** What a call brings along. */
export interface ExecuteOptions {
  /** The caller's own signal. Its reason passes through every policy unchanged. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The policy protocol: anything that runs a function and hands it a context. Retries, timeouts and circuit breakers
 * keep it without knowing this package, and so can an object literal of your own.
 *
 * `Context` is what `fn` receives. Its fields are enumerable, as those of an object literal are, since `pipeline` copies
 * them when it makes one context of several; only `signal` may be a getter of a class. `Value` is what `execute` may
 * resolve with besides `fn`'s own value; only policies that answer in place of `fn`, like `fallback`, have one. A class
 * that does declares it, `declare readonly '~value'?: () => null`; without that its value counts as `unknown`.
 *
 * @example
 * ```ts
 * const timed: Policy<PolicyContext & { readonly startedAt: number }> = {
 *   kind: 'timed',
 *   execute: async (fn, { signal = new AbortController().signal } = {}) => fn({ signal, startedAt: performance.now() }),
 * }
 * ```
 */
export interface Policy<out Context extends PolicyContext = PolicyContext, out Value = never> {
  /** What the policy is: `'retry'`, `'timeout'`, `'circuit-breaker'`, …; the order rules go by it. */
  readonly kind?: string | undefined
  /** Tells it from others of its kind in `describe()` and in messages. */
  readonly name?: string | undefined
  execute<T>(fn: (context: Context) => T | PromiseLike<T>, options?: ExecuteOptions): Promise<T | Value>
  /** Never there at run time: it carries `Value` through type inference, which cannot see into a generic method. */
  readonly '~value'?: () => Value
}

/** Any policy, whatever its context and whatever it may answer itself. */
export type AnyPolicy = Policy<PolicyContext, unknown>

/** The one context that `fn` receives inside these policies: the fields of all of them, the innermost winning. */
export type ContextOf<Policies extends readonly AnyPolicy[]> = Simplify<Merged<Policies>>

/** What these policies may resolve with besides `fn`'s own value; `never` when none of them answers in its place. */
export type ValueOf<Policies extends readonly AnyPolicy[]> = OwnValue<Policies[number]>

type OwnValue<P> = P extends Transparent ? never : P extends { readonly '~value'?: () => infer Value } ? Value : unknown

/** Resolves with the value of `fn` and nothing else, for whatever type that has. */
interface Transparent {
  execute<T>(fn: (context: unknown) => T | PromiseLike<T>): Promise<T>
}

type Merged<Policies extends readonly AnyPolicy[]> = Policies extends readonly [
  infer Outer extends AnyPolicy,
  ...infer Inner extends readonly AnyPolicy[],
]
  ? Merge<OwnContext<Outer>, Merged<Inner>>
  : Policies extends readonly [...infer Outer extends readonly AnyPolicy[], infer Inner extends AnyPolicy]
    ? Merge<Merged<Outer>, OwnContext<Inner>>
    : Policies extends readonly []
      ? PolicyContext
      : AnyNumberOf<OwnContext<Policies[number]>>

/** The fields of both. One that `Inner` may leave out has then the value that it has in `Outer`. */
type Merge<Outer, Inner> = MergeFields<Outer, Inner, OptionalKey<Inner> & keyof Outer>

type MergeFields<Outer, Inner, Either extends keyof Outer & keyof Inner> = Omit<Outer, keyof Inner> &
  Omit<Inner, Either> & { [Key in keyof Pick<Outer, Either>]: Outer[Key] | Inner[Key] }

type OptionalKey<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T]

/** Of a list whose length is not known: any of its policies may be missing from it. */
type AnyNumberOf<Context> = PolicyContext & {
  [Key in Exclude<KeyOf<Context>, keyof PolicyContext>]?: FieldOf<Context, Key>
}

type KeyOf<Context> = Context extends unknown ? keyof Context : never

type FieldOf<Context, Key> = Context extends unknown ? (Key extends keyof Context ? Context[Key] : never) : never

type OwnContext<P extends AnyPolicy> = P extends Policy<infer Context, unknown> ? Context : never

/** Without symbols: what is merged are fields with names. */
type Simplify<T> = { readonly [Key in keyof T as Exclude<Key, symbol>]: T[Key] } & {}
