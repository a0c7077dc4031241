/** A tool that the offline model wants called. */
export interface Intent {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

/** The tool that a message asks for, or none when it asks for something that an article would explain. */
export function intentOf(message: string): Intent | undefined {
  return exchangeRate(message) ?? transactions(message) ?? balance(message) ?? branch(message)
}

function balance(message: string): Intent | undefined {
  const asks =
    /\bbalance\b/i.test(message) ||
    /\bhow much (money )?(do i have|have i got|is (left|in my account))\b/i.test(message)
  const aboutRules = /\b(fees?|minimum|maximum|limits?|interest|required?|negative|transfer|statement|alerts?)\b/i.test(
    message,
  )
  return asks && !aboutRules ? { tool: 'get_account_balance', input: {} } : undefined
}

function transactions(message: string): Intent | undefined {
  const asks =
    /\b(my|recent|last|latest|newest)\b.*\b(transactions?|payments?|purchases|movements)\b/i.test(message) ||
    /\bwhat (did i|have i) (spend|spent|paid?)\b/i.test(message)
  const hasTrouble =
    /\b(disput\w*|recogni[sz]e|cancel\w*|fees?|failed|stop|limits?|wrong|pending|declin\w*|refund\w*|fraud\w*|stand(ing)?|recurring|twice|how do i|why)\b/i.test(
      message,
    )
  if (!asks || hasTrouble) return undefined
  const wanted = Number(/\b(\d{1,2})\b/.exec(message)?.[1] ?? 5)
  return { tool: 'get_recent_transactions', input: { limit: Math.min(20, Math.max(1, wanted)) } }
}

function branch(message: string): Intent | undefined {
  if (!/\b(branch(es)?|offices?)\b/i.test(message)) return undefined
  const city =
    /\b(?:in|near|around|at) (?!me\b|my\b|the\b|a\b|an\b|any\b|your\b|which\b)(\p{L}[\p{L}-]+(?: \p{Lu}\p{L}+)?)/iu.exec(
      message,
    )?.[1]
  const asksWhere = /\b(where|nearest|closest|near|find|address|list)\b/i.test(message)
  const asksAnAction = /\b(deposit|withdraw|appointment|replace|order|collect|certif\w*|can i|do i|how do)\b/i.test(
    message,
  )
  if (asksAnAction || (!asksWhere && city === undefined)) return undefined
  return { tool: 'find_branch', input: city === undefined ? {} : { city } }
}

const currencyNames: readonly (readonly [pattern: string, code: string])[] = [
  ['euros?', 'EUR'],
  ['canadian dollars?', 'CAD'],
  ['australian dollars?', 'AUD'],
  ['(?:us )?dollars?', 'USD'],
  ['pounds?|sterling', 'GBP'],
  ['(?:swiss )?francs?', 'CHF'],
  ['yen', 'JPY'],
  ['swedish kron(?:a|or)', 'SEK'],
  ['norwegian kron(?:e|er)', 'NOK'],
  ['danish kron(?:e|er)', 'DKK'],
  ['z[lł]oty(?:s|ch)?', 'PLN'],
  ['korunas?', 'CZK'],
]
const codes = 'EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD'
const currency = new RegExp(`\\b(?:(${codes})|${currencyNames.map(([pattern]) => `(${pattern})`).join('|')})\\b`, 'giu')

function exchangeRate(message: string): Intent | undefined {
  const mentioned = [...message.matchAll(currency)].map(([, code, ...names]) => {
    const index = names.findIndex((name) => name !== undefined)
    return code?.toUpperCase() ?? currencyNames[index]?.[1] ?? ''
  })
  const [first, second] = [...new Set(mentioned)]
  if (first === undefined || !/\b(rate|exchange|convert|worth|how many|how much|in|to)\b/i.test(message))
    return undefined
  if (second === undefined) {
    if (!/\b(rate|worth|convert)\b/i.test(message)) return undefined
    return {
      tool: 'get_exchange_rate',
      input: first === 'EUR' ? { from: 'EUR', to: 'USD' } : { from: first, to: 'EUR' },
    }
  }
  // "How many dollars for 100 euros" names what is wanted first; "100 euros in dollars" names it last.
  const wantedFirst = /\bhow many\b/i.test(message) && /\bfor\b/i.test(message)
  return { tool: 'get_exchange_rate', input: wantedFirst ? { from: second, to: first } : { from: first, to: second } }
}
