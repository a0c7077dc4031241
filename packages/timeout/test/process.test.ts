import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Deadline, isTimeoutError, withTimeout } from '@aplomb/timeout'

const folder = fileURLToPath(new URL('..', import.meta.url))
const never = new Promise<never>(() => {})

/** Runs a script on the platform's clock in a process of its own, which must end by itself well within 10 s. */
async function run(script: string): Promise<string> {
  const args = ['--conditions=@aplomb/source', '--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 10_000 })
  return stdout.trim()
}

test('withTimeout lets the process exit when the last call has settled, long before its time', async () => {
  const output = await run(`
    import { withTimeout } from '@aplomb/timeout'
    console.log(await withTimeout(async () => 'done', { timeoutMs: 60_000 }))
  `)
  expect(output).toBe('done')
})

test('withTimeout keeps the process alive for a call that nothing else keeps alive', async () => {
  const output = await run(`
    import { withTimeout } from '@aplomb/timeout'
    await withTimeout(() => 1, { timeoutMs: 20 })
    await withTimeout(() => new Promise(() => {}), { timeoutMs: 20 }).catch((error) => console.log(error.code))
  `)
  expect(output).toBe('TIMEOUT')
})

test('Deadline.signal never keeps the process alive', async () => {
  const output = await run(`
    import { Deadline } from '@aplomb/timeout'
    Deadline.after(60_000).signal.addEventListener('abort', () => console.log('never'))
    console.log('read')
  `)
  expect(output).toBe('read')
})

test('withTimeout on the platform’s clock is not early', async () => {
  const startedAt = performance.now()
  await expect(withTimeout(() => never, { timeoutMs: 30 })).rejects.toSatisfy(isTimeoutError)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(30)
})

test('withTimeout works under fake timers, and after them, whatever was pending when they came and went', async () => {
  onTestFinished(() => void vi.useRealTimers())
  await withTimeout(() => 'warm', { timeoutMs: 60_000 })

  vi.useFakeTimers()
  const faked = withTimeout(() => never, { timeoutMs: 120_000 })
  const error = faked.catch((reason: unknown) => reason)
  void withTimeout(() => never, { timeoutMs: 500_000 })
  const { signal } = Deadline.after(130_000)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(isTimeoutError(await error)).toBe(true)
  expect(signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(signal.aborted).toBe(true)

  vi.useRealTimers()
  await expect(withTimeout(() => never, { timeoutMs: 5 })).rejects.toSatisfy(isTimeoutError)
})
