import { z } from 'zod'

const money = z.object({ currency: z.string() })
const outputs = {
  get_account_balance: money
    .extend({ account: z.string(), available: z.number(), booked: z.number() })
    .transform(
      ({ account, available, booked, currency }) =>
        `Your account ${account} has ${amount(available, currency)} available; the booked balance is ${amount(booked, currency)}.`,
    ),
  get_recent_transactions: z
    .object({ transactions: z.array(money.extend({ date: z.string(), description: z.string(), amount: z.number() })) })
    .transform(({ transactions }) =>
      transactions.length === 0
        ? 'There are no transactions on your account yet.'
        : [
            'Your latest transactions:',
            ...transactions.map(
              (entry) => `- ${entry.date}  ${entry.description}  ${amount(entry.amount, entry.currency)}`,
            ),
          ].join('\n'),
    ),
  find_branch: z
    .object({
      branches: z.array(z.object({ name: z.string(), address: z.string(), city: z.string(), hours: z.string() })),
    })
    .transform(({ branches }) =>
      branches.length === 0
        ? 'We have no branch there.'
        : [
            'Our branches:',
            ...branches.map(({ name, address, city, hours }) => `- ${name}, ${address}, ${city}: ${hours}`),
          ].join('\n'),
    ),
  get_exchange_rate: z.union([
    z
      .object({ from: z.string(), to: z.string(), rate: z.number(), as_of: z.string() })
      .transform(({ from, to, rate, as_of }) => `1 ${from} is ${rate} ${to} (rate of ${as_of}).`),
    z.object({ unknown_pair: z.literal(true) }).transform(() => 'We do not exchange that pair of currencies.'),
  ]),
}

/** A tool's output in a sentence or a short list. */
export function phrase(tool: string, output: unknown): string {
  const schema = Object.entries(outputs).find(([name]) => name === tool)?.[1]
  const phrased = schema?.safeParse(output)
  return phrased?.success ? phrased.data : `Here is what ${tool} gave: ${JSON.stringify(output)}`
}

function amount(value: number, currency: string): string {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency }).format(value)
}
