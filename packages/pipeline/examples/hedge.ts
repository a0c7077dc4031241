import { hedge } from '@aplomb/pipeline'

// #region hedge
const replicas = ['slow', 'fast']
let calls = 0

const quick = hedge({ delayMs: 20 })
const answer = await quick.execute(async ({ signal }) => {
  const replica = replicas[calls++ % replicas.length]
  if (replica === 'slow') {
    // As a fetch with this signal would: never mind the answer, when another one was faster.
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        console.log('the slow call is aborted')
        reject(signal.reason)
      })
    })
  }
  return `answered by the ${replica} replica`
})
// → the slow call is aborted
console.log(answer) // → answered by the fast replica
// #endregion
