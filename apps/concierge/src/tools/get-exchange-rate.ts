import { z } from 'zod'
import type { ExchangeRate } from './bank.ts'
import type { ConciergeTool } from './tool.ts'

const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR')

export const getExchangeRate: ConciergeTool<{ from: string; to: string }, ExchangeRate | { unknown_pair: true }> = {
  name: 'get_exchange_rate',
  description: "The bank's exchange rate: how much of the currency `to` one unit of `from` buys (ISO 4217 codes).",
  inputSchema: z.strictObject({ from: currency, to: currency }),
  run: async ({ from, to }, { bank, signal }) =>
    (await bank.exchangeRate(from, to, { signal })) ?? { unknown_pair: true },
}
