import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { Logger } from '@aplomb/logger'
import { generateText, isStepCount } from 'ai'
import type { Conversations, Message, Source, ToolCall } from './conversation/conversations.ts'
import type { KnowledgeClient, Passage } from './knowledge.ts'
import { citedIn, instructions, toModelMessages } from './llm/prompt.ts'
import type { Resilience } from './resilience.ts'
import type { Bank } from './tools/bank.ts'
import { createToolset } from './tools/toolset.ts'

/** How much of a conversation the model is shown. */
const contextMessages = 20
/** Model calls for one answer: enough for a tool, another that builds on it, and the answer. */
const maxSteps = 5

type DegradedReason = 'knowledge_unavailable' | 'llm_unavailable'

/** What the customer reads when something could not be asked. The model is not relied on to say it. */
const notices: Readonly<Record<DegradedReason, string>> = {
  knowledge_unavailable: 'Note: our help centre cannot be reached just now, so I could not look this up there.',
  llm_unavailable: 'Note: our language model cannot be reached just now, so an offline model answered.',
}

export interface ChatRequest {
  readonly userId: string
  readonly sessionId: string
  readonly message: string
}

export interface ChatAnswer {
  readonly session_id: string
  readonly message_id: string
  readonly response: string
  readonly sources: readonly Source[]
  readonly tool_calls: readonly ToolCall[]
  readonly model: string
  readonly degraded: boolean
  readonly degraded_reasons: readonly DegradedReason[]
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number }
  readonly latency_ms: number
}

/** The session exists and is somebody else's. */
export class SessionNotFoundError extends Error {
  override readonly name = 'SessionNotFoundError'
  readonly code = 'SESSION_NOT_FOUND'
}

/** Neither knowledge nor the LLM can be asked, and no tool could answer either. */
export class ConciergeUnavailableError extends Error {
  override readonly name = 'ConciergeUnavailableError'
  readonly code = 'CONCIERGE_UNAVAILABLE'
  readonly retryAfterMs: number

  constructor({ retryAfterMs, cause }: { retryAfterMs: number; cause: unknown }) {
    super('neither knowledge nor the LLM can be asked', { cause })
    this.retryAfterMs = retryAfterMs
  }
}

export interface ConciergeOptions {
  readonly conversations: Conversations
  readonly knowledge: KnowledgeClient
  /** Answers; the offline model itself where no other is configured. */
  readonly model: LanguageModelV4
  /** Answers when `model` cannot. */
  readonly offlineModel: LanguageModelV4
  readonly bank: Bank
  readonly resilience: Resilience
  readonly logger: Logger
}

interface Draft {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly model: string
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number }
}

/** Answers messages: from knowledge and tools through a model, and from as much of that as can be had when some of it is away. */
export class Concierge {
  readonly #options: ConciergeOptions

  constructor(options: ConciergeOptions) {
    this.#options = options
  }

  /**
   * @throws {SessionNotFoundError} the session is another user's
   * @throws {ConciergeUnavailableError} nothing that could answer can be asked
   */
  async chat({ userId, sessionId, message }: ChatRequest, { signal }: { signal: AbortSignal }): Promise<ChatAnswer> {
    const { conversations, logger, resilience } = this.#options
    const start = performance.now()
    const session = await conversations.begin(sessionId, userId)
    if (session.user_id !== userId) throw new SessionNotFoundError()
    // Stored before anything is called: whatever happens below, the customer's words are kept.
    await conversations.append(sessionId, 'user', message)
    const messages = await conversations.messages(sessionId, { last: contextMessages })

    const reasons: DegradedReason[] = []
    const passages = await this.#search(message, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      logger.warn('Knowledge unavailable', { error })
      reasons.push('knowledge_unavailable')
      return []
    })

    const draft = await this.#draft({ userId, messages, passages, signal }).catch(async (error: unknown) => {
      signal.throwIfAborted()
      logger.warn('LLM unavailable', { error })
      reasons.push('llm_unavailable')
      const fallback = await this.#generate(this.#options.offlineModel, { userId, messages, passages, signal })
      if (reasons.includes('knowledge_unavailable') && fallback.toolCalls.length === 0) {
        const waits = Object.values(resilience.circuits).map((circuit) => circuit.snapshot().retryAfterMs ?? 0)
        throw new ConciergeUnavailableError({ retryAfterMs: Math.min(...waits), cause: error })
      }
      return fallback
    })

    const response = [draft.text, ...reasons.map((reason) => notices[reason])].join('\n\n')
    const sources = cited(draft.text, passages)
    const degraded = reasons.length > 0
    const messageId = await conversations.append(sessionId, 'assistant', response, {
      sources,
      tool_calls: [...draft.toolCalls],
      model: draft.model,
      degraded,
    })
    const latencyMs = Math.round(performance.now() - start)
    logger.metric('concierge.answer.duration', latencyMs, 'ms', { degraded })
    return {
      session_id: sessionId,
      message_id: messageId,
      response,
      sources,
      tool_calls: draft.toolCalls,
      model: draft.model,
      degraded,
      degraded_reasons: reasons,
      usage: draft.usage,
      latency_ms: latencyMs,
    }
  }

  async #search(query: string, signal: AbortSignal): Promise<Passage[]> {
    const start = performance.now()
    const passages = await this.#options.knowledge.search(query, { signal })
    this.#options.logger.metric('rag.search.duration', Math.round(performance.now() - start), 'ms', {
      passages: passages.length,
    })
    return passages
  }

  #draft(request: GenerateRequest): Promise<Draft> {
    return this.#options.resilience.answer.execute(
      ({ signal }) => this.#generate(this.#options.model, { ...request, signal }),
      { signal: request.signal },
    )
  }

  async #generate(model: LanguageModelV4, { userId, messages, passages, signal }: GenerateRequest): Promise<Draft> {
    const { bank, logger, resilience } = this.#options
    const toolCalls: ToolCall[] = []
    const result = await generateText({
      model,
      instructions: instructions(passages),
      messages: toModelMessages(messages),
      tools: createToolset({ bank, userId, policy: resilience.tool, logger, onCall: (call) => toolCalls.push(call) }),
      stopWhen: isStepCount(maxSteps),
      maxRetries: 0,
      abortSignal: signal,
    })
    return {
      text: result.text,
      toolCalls,
      model: model.modelId,
      usage: { input_tokens: result.totalUsage.inputTokens ?? 0, output_tokens: result.totalUsage.outputTokens ?? 0 },
    }
  }
}

interface GenerateRequest {
  readonly userId: string
  readonly messages: readonly Message[]
  readonly passages: readonly Passage[]
  readonly signal: AbortSignal
}

function cited(answer: string, passages: readonly Passage[]): Source[] {
  const numbers = citedIn(answer)
  return passages
    .map(({ id, title, topic, score }, index) => ({ n: index + 1, id, title, topic, score }))
    .filter(({ n }) => numbers.has(n))
}
