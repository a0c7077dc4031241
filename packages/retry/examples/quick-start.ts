import { retry } from '@aplomb/retry'

let calls = 0
const load = async (): Promise<string> => {
  calls += 1
  if (calls < 3) throw Object.assign(new Error('busy'), { status: 503 })
  return 'the answer'
}

const answer = await retry(load, { maxRetries: 3, initialDelayMs: 20 })
console.log(`${answer}, after ${calls} calls`) // → the answer, after 3 calls
