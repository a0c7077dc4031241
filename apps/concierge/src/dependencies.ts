import type { Logger } from '@aplomb/logger'
import type { Concierge } from './chat.ts'
import type { Conversations } from './conversation/conversations.ts'
import type { KnowledgeClient } from './knowledge.ts'
import type { Resilience } from './resilience.ts'

/** Everything the routes stand on, made by whoever starts the service. */
export interface Dependencies {
  readonly concierge: Concierge
  readonly conversations: Conversations
  readonly knowledge: KnowledgeClient
  readonly llmConfigured: boolean
  readonly resilience: Resilience
  readonly logger: Logger
  /** True from the moment the process was asked to end. */
  readonly isDraining: () => boolean
}
