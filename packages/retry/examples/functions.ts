import { RetryPolicy, Retryable, isRetryExhaustedError, isRetryable, linear, retryable } from '@aplomb/retry'

const passing = (): Error => Object.assign(new Error('try again'), { retryable: true })

// #region function
let left = 1
const greet = retryable(
  async (name: string) => {
    left -= 1
    if (left >= 0) throw passing()
    return `hello ${name}`
  },
  { initialDelayMs: 10 },
)
console.log(await greet('Ada')) // → hello Ada
// #endregion

// #region retry-if
class Locked extends Error {}

const policy = new RetryPolicy({
  maxRetries: 2,
  backoff: linear({ initialDelayMs: 5, maxDelayMs: 50 }),
  retryIf: (error) => error instanceof Locked || isRetryable(error),
  onExhausted: 'wrap',
})
try {
  await policy.execute(async () => {
    throw new Locked('row is locked')
  })
} catch (error) {
  if (!isRetryExhaustedError(error)) throw error
  console.log(error.message, error.errors.length) // → Gave up after 3 attempts 3
}
// #endregion

// What the compiler makes of `@Retryable(…)` above a method; Node strips types and does not run decorators.
class Users {
  async load(id: string): Promise<string> {
    return `user ${id}`
  }
}
// oxlint-disable-next-line typescript/unbound-method -- `this` comes with the call
const load = Retryable({ maxRetries: 2 })(Users.prototype.load, {
  kind: 'method',
  name: 'load',
} as ClassMethodDecoratorContext<Users, Users['load']>)
console.log(await load.call(new Users(), '7')) // → user 7
