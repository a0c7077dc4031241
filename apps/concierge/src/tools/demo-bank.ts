import { createHash } from 'node:crypto'
import type { Bank, Branch } from './bank.ts'

const weekdays = 'Mon–Fri 9:00–16:30, Thu until 18:00'
/** Five of the fourteen that the help articles speak of; the two agree. */
const branches: readonly Branch[] = [
  { name: 'Central Square', address: '1 Central Square', city: 'Dublin', hours: `${weekdays}, Sat 9:00–13:00` },
  { name: 'North Station', address: 'in the main hall', city: 'Dublin', hours: `${weekdays}, Sat 9:00–13:00` },
  { name: 'Harbour', address: '22 Quay Street', city: 'Galway', hours: `${weekdays}, Sat 9:00–13:00` },
  { name: 'Riverside', address: '8 Mill Lane', city: 'Cork', hours: weekdays },
  { name: 'University', address: '3 College Road', city: 'Limerick', hours: weekdays },
]

/** Units of the currency for one euro. Made up, and plausible. */
const perEuro: Readonly<Record<string, number>> = {
  EUR: 1,
  USD: 1.1,
  GBP: 0.86,
  CHF: 0.95,
  JPY: 162,
  SEK: 11.3,
  NOK: 11.6,
  DKK: 7.46,
  PLN: 4.28,
  CZK: 25.1,
  CAD: 1.51,
  AUD: 1.67,
}

const merchants = [
  'Grocery Market',
  'City Transport',
  'Corner Café',
  'Bookshop',
  'Pharmacy',
  'Power & Light',
  'Cinema Lumière',
  'Bakery',
]

/** A bank of invented figures, the same for the same user each time. `today` dates its transactions. */
export function demoBank({ today = () => new Date() }: { today?: () => Date } = {}): Bank {
  return {
    async balance(userId) {
      const [a = 0, b = 0, c = 0, d = 0] = figuresOf(userId)
      const booked = (500_00 + ((a * 256 + b) % 9_000) * 100 + (c % 100)) / 100
      return {
        account: `•••• ${1_000 + ((c * 256 + d) % 9_000)}`,
        currency: 'EUR',
        available: cents(booked - (d % 50)),
        booked,
      }
    },
    async transactions(userId, limit) {
      const figures = figuresOf(userId)
      return Array.from({ length: limit }, (_, index) => {
        const figure = figures[index % figures.length] ?? 0
        const salary = index % 9 === 8
        return {
          date: new Date(today().getTime() - (index * 1.6 + (figure % 2)) * 86_400_000).toISOString().slice(0, 10),
          description: salary ? 'Salary' : (merchants[(figure + index) % merchants.length] ?? ''),
          amount: salary ? 2_350 : -cents(3 + figure / 2.3),
          currency: 'EUR',
        }
      })
    },
    async branches(city) {
      return branches.filter((branch) => city === undefined || branch.city.toLowerCase() === city.trim().toLowerCase())
    },
    async exchangeRate(from, to) {
      const [a, b] = [perEuro[from], perEuro[to]]
      if (a === undefined || b === undefined) return undefined
      return { from, to, rate: Number((b / a).toPrecision(5)), as_of: today().toISOString().slice(0, 10) }
    },
  }
}

const cents = (amount: number): number => Math.round(amount * 100) / 100
const figuresOf = (userId: string): Buffer => createHash('sha256').update(userId).digest()
