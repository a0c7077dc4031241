import type { z } from 'zod'
import type { Bank } from './bank.ts'

/** What a tool gets besides its input. The user comes from the session: the model has no say in whose account is read. */
interface ToolContext {
  readonly bank: Bank
  readonly userId: string
  readonly signal: AbortSignal
}

/** Something that the model can have done, described to it in words and in a schema. */
export interface ConciergeTool<Input = unknown, Output = unknown> {
  readonly name: string
  readonly description: string
  readonly inputSchema: z.ZodType<Input>
  run(input: Input, context: ToolContext): Promise<Output>
}
