import { createHash } from 'node:crypto'
import type { Bank, Branch } from './bank.ts'

const branches: readonly Branch[] = [
  { name: 'Lisbon Baixa', address: 'Rua Augusta 120', city: 'Lisbon', hours: 'Mon–Fri 9:00–17:00' },
  { name: 'Porto Aliados', address: 'Avenida dos Aliados 31', city: 'Porto', hours: 'Mon–Fri 9:00–17:00' },
  {
    name: 'Madrid Centro',
    address: 'Calle de Alcalá 44',
    city: 'Madrid',
    hours: 'Mon–Fri 9:00–17:00, Sat 10:00–13:00',
  },
  { name: 'Berlin Mitte', address: 'Friedrichstraße 88', city: 'Berlin', hours: 'Mon–Fri 9:00–18:00' },
  { name: 'Berlin Neukölln', address: 'Karl-Marx-Straße 101', city: 'Berlin', hours: 'Mon–Fri 10:00–17:00' },
  { name: 'Paris Opéra', address: 'Rue Auber 9', city: 'Paris', hours: 'Mon–Fri 9:30–17:30' },
  { name: 'Amsterdam Zuid', address: 'Strawinskylaan 7', city: 'Amsterdam', hours: 'Mon–Fri 9:00–17:00' },
  { name: 'Dublin College Green', address: 'Dame Street 16', city: 'Dublin', hours: 'Mon–Fri 10:00–16:30' },
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
