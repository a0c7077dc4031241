import { bulkhead, fallback, isBulkheadFullError, pipeline } from '@aplomb/pipeline'

const rates = pipeline(
  [
    fallback({ to: () => 'the rates of yesterday', when: isBulkheadFullError }), // outermost: the last word
    bulkhead({ maxConcurrent: 1 }), // innermost: guards the call itself
  ],
  { name: 'rates' },
)

const [first, second] = await Promise.all([
  rates.execute(async () => 'the rates of today'),
  rates.execute(async () => 'the rates of today'),
])
console.log(first) // → the rates of today
console.log(second) // → the rates of yesterday

console.log(JSON.stringify(rates.describe()))
// → {"kind":"pipeline","name":"rates","policies":[{"kind":"fallback"},{"kind":"bulkhead"}]}
