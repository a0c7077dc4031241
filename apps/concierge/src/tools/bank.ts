/** The bank's own systems, as far as the tools ask them. */
export interface Bank {
  balance(userId: string, options: CallOptions): Promise<Balance>
  transactions(userId: string, limit: number, options: CallOptions): Promise<Transaction[]>
  branches(city: string | undefined, options: CallOptions): Promise<Branch[]>
  exchangeRate(from: string, to: string, options: CallOptions): Promise<ExchangeRate | undefined>
}

interface CallOptions {
  readonly signal: AbortSignal
}

export interface Balance {
  readonly account: string
  readonly currency: string
  readonly available: number
  readonly booked: number
}

export interface Transaction {
  readonly date: string
  readonly description: string
  readonly amount: number
  readonly currency: string
}

export interface Branch {
  readonly name: string
  readonly address: string
  readonly city: string
  readonly hours: string
}

export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly rate: number
  readonly as_of: string
}
