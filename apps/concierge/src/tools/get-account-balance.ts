import { z } from 'zod'
import type { Balance } from './bank.ts'
import type { ConciergeTool } from './tool.ts'

export const getAccountBalance: ConciergeTool<Record<string, never>, Balance> = {
  name: 'get_account_balance',
  description: "The current balance of the customer's own account.",
  inputSchema: z.strictObject({}),
  run: (_, { bank, userId, signal }) => bank.balance(userId, { signal }),
}
