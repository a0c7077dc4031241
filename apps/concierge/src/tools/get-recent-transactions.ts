import { z } from 'zod'
import type { Transaction } from './bank.ts'
import type { ConciergeTool } from './tool.ts'

export const getRecentTransactions: ConciergeTool<{ limit: number }, { transactions: Transaction[] }> = {
  name: 'get_recent_transactions',
  description: "The latest payments into and out of the customer's own account, newest first.",
  inputSchema: z.strictObject({ limit: z.int().min(1).max(20).default(5) }),
  run: async ({ limit }, { bank, userId, signal }) => ({
    transactions: await bank.transactions(userId, limit, { signal }),
  }),
}
