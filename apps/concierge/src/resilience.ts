import { CircuitBreaker } from '@aplomb/circuit-breaker'
import type { Logger } from '@aplomb/logger'
import { pipeline } from '@aplomb/pipeline'
import { RateLimiter } from '@aplomb/rate-limiter'
import { isRetryable, RetryPolicy } from '@aplomb/retry'
import { isTimeoutError, TimeoutPolicy } from '@aplomb/timeout'
import type { Config, DependencyConfig } from './config.ts'
import { DependencyError, type DependencyName } from './dependency-error.ts'

/** How long a chat request may wait for its turn before it is told to come back later. */
export const rateLimitWaitMs = 5_000

/**
 * Every policy of the service, in the order in which a chat request meets them.
 *
 *     request ─ rate limit ─┬─ knowledge:  whole call ─ retry ─ breaker ─ attempt
 *                           └─ answer ─┬─ LLM:         retry ─ breaker ─ attempt
 *                                      └─ each tool:                     timeout
 */
export function createResilience(config: Config, logger: Logger) {
  const circuits = {
    rag: circuitBreaker('rag', config.knowledge, logger),
    llm: circuitBreaker('llm', config.llm, logger),
  }
  const retry = (dependency: DependencyName) =>
    new RetryPolicy({
      ...config.retry,
      // Who has waited for a whole timeout is not made to wait for another; what fails at once is tried again.
      retryIf: (error) => !isTimeoutError(error) && isRetryable(error),
      onRetry: ({ attempt, delayMs }) =>
        logger.warn('Retrying', { dependency, attempt, delay_ms: Math.round(delayMs) }),
    })

  return {
    circuits,
    requests: new RateLimiter({
      limits: { name: 'service', rate: config.rateLimit.perSecond, capacity: config.rateLimit.burst },
    }),
    // The attempt's limit stands inside the breaker, which would take the whole call's for its caller's own abort.
    knowledge: pipeline([
      new TimeoutPolicy({ timeoutMs: 2 * config.knowledge.timeoutMs }),
      retry('rag'),
      circuits.rag,
      new TimeoutPolicy({ timeoutMs: config.knowledge.timeoutMs }),
    ]),
    // An answer takes several calls of the model when it uses tools; this bounds them together.
    answer: new TimeoutPolicy({ timeoutMs: 2 * config.llm.timeoutMs }),
    llm: pipeline([retry('llm'), circuits.llm, new TimeoutPolicy({ timeoutMs: config.llm.timeoutMs })]),
    tool: new TimeoutPolicy({ timeoutMs: config.toolTimeoutMs }),
  }
}

export type Resilience = ReturnType<typeof createResilience>

function circuitBreaker(name: DependencyName, config: DependencyConfig, logger: Logger): CircuitBreaker {
  const circuit = new CircuitBreaker({
    name,
    failureThreshold: config.failureThreshold,
    successThreshold: 2,
    openDurationMs: config.openDurationMs,
    classify: (outcome) => {
      if (outcome.ok) return 'success'
      return blamesTheRequest(outcome.error) ? 'ignore' : 'failure'
    },
    onListenerError: (error) => logger.error('A circuit listener failed', { error }),
  })
  circuit.on('stateChange', ({ from, to }) => logger.warn('Circuit changed', { circuit: name, from, to }))
  return circuit
}

/** A dependency that refuses what it was asked is well; one that refuses our key or our rate is of no use to us now. */
function blamesTheRequest(error: unknown): boolean {
  return error instanceof DependencyError && [400, 404, 413, 422].includes(error.status ?? 0)
}
