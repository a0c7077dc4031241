import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4 } from '@ai-sdk/provider'
import { APICallError, wrapLanguageModel } from 'ai'
import type { LlmEndpoint } from '../config.ts'
import { DependencyError } from '../dependency-error.ts'
import type { Resilience } from '../resilience.ts'
import { logCalls, type CallLog } from './log-calls.ts'

/** A model behind an OpenAI-compatible server, with the policies around every call of it and a log line for every attempt. */
export function remoteModel(
  endpoint: LlmEndpoint,
  { policy, logger }: { policy: Resilience['llm'] } & CallLog,
): LanguageModelV4 {
  const provider = createOpenAICompatible({
    name: new URL(endpoint.baseUrl).hostname,
    baseURL: endpoint.baseUrl,
    ...(endpoint.apiKey !== undefined && { apiKey: endpoint.apiKey }),
  })
  return underPolicy(logCalls(withPlainErrors(provider.chatModel(endpoint.model)), { logger }), policy)
}

function underPolicy(model: LanguageModelV4, policy: Resilience['llm']): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: ({ params }) =>
        policy.execute(
          ({ signal }) => model.doGenerate({ ...params, abortSignal: signal }),
          params.abortSignal && { signal: params.abortSignal },
        ),
    },
  })
}

/** The SDK's errors carry the whole prompt; ours carry what the policies need, and may be logged. */
function withPlainErrors(model: LanguageModelV4): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate }) => {
        try {
          return await doGenerate()
        } catch (error) {
          throw asDependencyError(error)
        }
      },
    },
  })
}

function asDependencyError(error: unknown): unknown {
  if (!APICallError.isInstance(error)) return error
  return new DependencyError('llm', {
    status: error.statusCode,
    retryable: error.isRetryable,
    retryAfterMs: retryAfterMs(error.responseHeaders?.['retry-after']),
    cause: error.cause,
  })
}

/** Retry-After in its two forms, seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
