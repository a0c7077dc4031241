import { CallContext } from './call-context.ts'
import { checkFunction } from './check-option.ts'
import type { Policy, PolicyContext } from './policy.ts'
import { report } from './report.ts'

/** What to answer, and which errors. */
export interface FallbackOptions<T> {
  /** Gives the value to answer with instead; what it throws is thrown. */
  readonly to: (error: unknown, context: PolicyContext) => T | PromiseLike<T>
  /** Which errors to answer. One that throws answers none. @default every error */
  readonly when?: ((error: unknown) => boolean) | undefined
  /** Takes what `when` throws. @default globalThis.reportError, or an uncaught error where there is none */
  readonly onListenerError?: ((error: unknown) => void) | undefined
}

/**
 * Answers a failure with another value. A call that its caller has aborted is not answered: its error passes through.
 *
 * @throws TypeError if `to`, `when` or `onListenerError` is no function.
 * @example
 * ```ts
 * const rates = pipeline([fallback({ to: () => lastKnownRates }), breaker])
 * ```
 */
export function fallback<T>({ to, when, onListenerError }: FallbackOptions<T>): Policy<PolicyContext, T> {
  checkFunction('to', to)
  if (when !== undefined) checkFunction('when', when)
  if (onListenerError !== undefined) checkFunction('onListenerError', onListenerError)

  const isAnswered = (error: unknown): boolean => {
    try {
      return when === undefined || when(error)
    } catch (thrown) {
      report(thrown, onListenerError)
      return false
    }
  }

  return {
    kind: 'fallback',
    async execute(fn, options) {
      const signal = options?.signal
      signal?.throwIfAborted()
      const context = new CallContext(signal)
      try {
        return await fn(context)
      } catch (error) {
        if (signal?.aborted === true || !isAnswered(error)) throw error
        // The caller may leave while `when` or `to` is at work.
        signal?.throwIfAborted()
        const answer = await to(error, context)
        signal?.throwIfAborted()
        return answer
      }
    },
  }
}
