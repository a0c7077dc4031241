import { expect, test } from 'vitest'
import { intentOf } from '../src/llm/offline/intent.ts'

test.each([
  ['What is my balance?', 'get_account_balance', {}],
  ['how much money do I have', 'get_account_balance', {}],
  ['Show me my last 3 transactions', 'get_recent_transactions', { limit: 3 }],
  ['my recent payments please', 'get_recent_transactions', { limit: 5 }],
  ['what did I spend last week?', 'get_recent_transactions', { limit: 5 }],
  ['Where is the nearest branch?', 'find_branch', {}],
  ['Is there a branch in Porto?', 'find_branch', { city: 'Porto' }],
  ['find a branch near berlin', 'find_branch', { city: 'berlin' }],
  ['USD to EUR rate', 'get_exchange_rate', { from: 'USD', to: 'EUR' }],
  ['What is 100 euros in dollars?', 'get_exchange_rate', { from: 'EUR', to: 'USD' }],
  ['How many yen do I get for 50 pounds?', 'get_exchange_rate', { from: 'GBP', to: 'JPY' }],
  ['what is a dollar worth', 'get_exchange_rate', { from: 'USD', to: 'EUR' }],
])('intentOf finds the tool in %j', (message, tool, input) => {
  expect(intentOf(message)).toEqual({ tool, input })
})

test.each([
  'Is there a fee when my balance is below a minimum?',
  'How do I dispute a payment on my account?',
  'Can I deposit coins at a branch?',
  'What do you charge for exchanging currency?',
  'My last payment was declined, why?',
  'How do I order a new card?',
  'Hello',
])('intentOf leaves %j to the help articles', (message) => {
  expect(intentOf(message)).toBeUndefined()
})
