import { bulkhead } from '@aplomb/pipeline'

// #region bulkhead
const database = bulkhead({ maxConcurrent: 2, maxQueue: 1, queueTimeoutMs: 1_000 })
const query = async (): Promise<string> => {
  await new Promise((resolve) => {
    setTimeout(resolve, 20)
  })
  return 'rows'
}

const results = Promise.allSettled([1, 2, 3, 4].map(() => database.execute(query)))
console.log(`${database.active} running, ${database.queued} waiting`) // → 2 running, 1 waiting

for (const result of await results) {
  console.log(result.status === 'fulfilled' ? result.value : result.reason.message)
}
// → rows
// → rows
// → rows
// → 2 calls are running and 1 are waiting
// #endregion
