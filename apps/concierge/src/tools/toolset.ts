import { dynamicTool, type ToolSet } from 'ai'
import type { Logger } from '@aplomb/logger'
import type { ToolCall } from '../conversation/conversations.ts'
import type { Resilience } from '../resilience.ts'
import type { Bank } from './bank.ts'
import { findBranch } from './find-branch.ts'
import { getAccountBalance } from './get-account-balance.ts'
import { getExchangeRate } from './get-exchange-rate.ts'
import { getRecentTransactions } from './get-recent-transactions.ts'
import type { ConciergeTool } from './tool.ts'

const tools = [getAccountBalance, getRecentTransactions, findBranch, getExchangeRate] as const

export const toolNames: readonly string[] = tools.map(({ name }) => name)

export interface ToolsetOptions {
  readonly bank: Bank
  readonly userId: string
  readonly policy: Resilience['tool']
  readonly logger: Logger
  /** Told of every call when it has ended. */
  readonly onCall: (call: ToolCall) => void
}

/** The four tools for one user's request, as the AI SDK's loop takes them; each call has its own timeout and its log line. */
export function createToolset(options: ToolsetOptions): ToolSet {
  const entries = [
    toSdk(getAccountBalance, options),
    toSdk(getRecentTransactions, options),
    toSdk(findBranch, options),
    toSdk(getExchangeRate, options),
  ]
  return Object.fromEntries(entries)
}

function toSdk<Input, Output>(
  definition: ConciergeTool<Input, Output>,
  options: ToolsetOptions,
): [string, ToolSet[string]] {
  const { name, description, inputSchema } = definition
  // The loop has checked the input by its schema; `dynamicTool` leaves only its type open.
  const { bank, userId, policy, logger, onCall } = options
  return [
    name,
    dynamicTool({
      description,
      inputSchema,
      execute: async (input, { toolCallId, abortSignal }) => {
        const start = performance.now()
        const ended = (outcome: { output: Output } | { error: unknown }): void => {
          const durationMs = Math.round(performance.now() - start)
          const failed = 'error' in outcome
          logger.toolCall({
            tool: name,
            success: !failed,
            durationMs,
            callId: toolCallId,
            ...(failed && { error: outcome.error }),
          })
          onCall({
            id: toolCallId,
            name,
            input,
            ...(failed ? { error: failureOf(outcome.error) } : { output: outcome.output }),
            duration_ms: durationMs,
          })
        }
        try {
          const output = await policy.execute(
            ({ signal }) => definition.run(input as Input, { bank, userId, signal }),
            abortSignal && { signal: abortSignal },
          )
          ended({ output })
          return output
        } catch (error) {
          ended({ error })
          throw new Error(`${name}: ${failureOf(error)}`, { cause: error })
        }
      },
    }),
  ]
}

/** What the model and the customer are told of a failure: its kind, and nothing of the inside. */
function failureOf(error: unknown): string {
  return error instanceof Error && 'code' in error && error.code === 'TIMEOUT' ? 'timed out' : 'failed'
}
