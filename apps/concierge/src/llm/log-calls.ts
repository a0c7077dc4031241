import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { Logger } from '@aplomb/logger'
import { wrapLanguageModel } from 'ai'

export interface CallLog {
  readonly logger: Logger
}

/** The same model, with a log line for every call: model, tokens, time, and never the prompt. */
export function logCalls(model: LanguageModelV4, { logger }: CallLog): LanguageModelV4 {
  const about = { model: model.modelId, provider: model.provider }
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate }) => {
        const start = performance.now()
        const durationMs = (): number => Math.round(performance.now() - start)
        try {
          const result = await doGenerate()
          logger.llmCall({
            ...about,
            inputTokens: result.usage.inputTokens.total ?? 0,
            outputTokens: result.usage.outputTokens.total ?? 0,
            finishReasons: [result.finishReason.unified],
            durationMs: durationMs(),
          })
          return result
        } catch (error) {
          logger.llmCall({ ...about, inputTokens: 0, outputTokens: 0, durationMs: durationMs(), error })
          throw error
        }
      },
    },
  })
}
