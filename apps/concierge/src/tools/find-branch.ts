import { z } from 'zod'
import type { Branch } from './bank.ts'
import type { ConciergeTool } from './tool.ts'

export const findBranch: ConciergeTool<{ city?: string | undefined }, { branches: Branch[] }> = {
  name: 'find_branch',
  description: "The bank's branches with address and opening hours, in one city or all of them.",
  inputSchema: z.strictObject({ city: z.string().max(80).optional() }),
  run: async ({ city }, { bank, signal }) => ({ branches: await bank.branches(city, { signal }) }),
}
