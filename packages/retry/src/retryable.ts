import type { RetryOptions } from './options.ts'
import { RetryPolicy } from './retry-policy.ts'

/**
 * A function that does the same with retries. `this` and the arguments are passed on, the same ones to every attempt.
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape
 * @example
 * const loadUser = retryable((id: string) => db.users.get(id), { maxRetries: 2 })
 */
export function retryable<This, Args extends unknown[], R>(
  fn: (this: This, ...args: Args) => R | PromiseLike<R>,
  options?: RetryOptions,
): (this: This, ...args: Args) => Promise<R> {
  const policy = new RetryPolicy(options)
  return function retried(this: This, ...args: Args): Promise<R> {
    return policy.execute(() => fn.apply(this, args))
  }
}

/**
 * `retryable` as a decorator of an async method (TC39 stage 3, not TypeScript's `experimentalDecorators`).
 *
 * @throws RangeError or TypeError for an option that is out of range or of the wrong shape; TypeError on what is no method
 * @example
 * class Users {
 *   @Retryable({ maxRetries: 2 })
 *   async load(id: string) { return db.users.get(id) }
 * }
 */
export function Retryable(
  options?: RetryOptions,
): <This, Args extends unknown[], R>(
  method: (this: This, ...args: Args) => Promise<R>,
  context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Promise<R>>,
) => (this: This, ...args: Args) => Promise<R> {
  return (method, context) => {
    // A field, an accessor, or the three arguments of a legacy decorator: only plain JavaScript gets here.
    const kind: unknown = (context as { kind?: unknown } | undefined)?.kind
    if (kind !== 'method') throw new TypeError(`Retryable must decorate a method, received ${String(kind)}`)
    return retryable(method, options)
  }
}
