import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startOpenAiServer } from './openai-server.ts'
import { until } from './running-concierge.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The service in a process of its own, as `npm start` runs it. */
function start(env: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'concierge-'))
  const child = spawn(process.execPath, ['--conditions=@aplomb/source', main], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
    rmSync(dataDir, { recursive: true })
  })
  const url = async (): Promise<string> => {
    const greeting = await until(
      async () => output.stderr,
      (text) => text.includes('listens on'),
    )
    return /listens on (\S+)/.exec(greeting)?.[1] ?? ''
  }
  return { child, output, exit, url }
}

const chat = (url: string, message: string): Promise<Response> =>
  fetch(`${url}/api/v1/concierge/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'ada', message }),
  })

test('a start prints the address and a curl line that works, and every line on standard output is JSON', async () => {
  const { output, url } = start()
  const address = await url()
  expect(output.stderr).toContain(`curl -s ${address}/api/v1/concierge/chat`)
  expect((await chat(address, 'What is my balance?')).status).toBe(200)
  const lines = await until(
    async () => output.stdout,
    (text) => text.includes('api_call'),
  )
  for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
})

test('a wrong variable stops the start with 78 and a sentence', async () => {
  const { output, exit } = start({ RATE_LIMIT_BURST: 'many' })
  expect(await exit).toBe(78)
  expect(output.stderr).toContain('RATE_LIMIT_BURST must be a whole number from 1 to 1000000; received "many"')
})

test('SIGTERM: what is under way finishes, nothing new is taken, and the exit code is 0', async () => {
  let answer = (): void => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  const llm = await startOpenAiServer({ text: 'Late, but here.', after: held })
  onTestFinished(() => llm.close())
  const { child, exit, url } = start({ LLM_BASE_URL: llm.url })
  const address = await url()
  const underWay = chat(address, 'Take your time')
  await until(
    async () => llm.requests.length,
    (count) => count === 1,
  )
  child.kill('SIGTERM')
  await until(
    () =>
      fetch(`${address}/health`).then(
        ({ status }) => status,
        () => 'refused',
      ),
    (outcome) => outcome === 'refused' || outcome === 503,
  )
  answer()
  expect(await (await underWay).json()).toMatchObject({ response: 'Late, but here.' })
  expect(await exit).toBe(0)
})

test('a second signal ends the process at once', async () => {
  const llm = await startOpenAiServer('hang')
  onTestFinished(() => llm.close())
  const { child, exit, url } = start({ LLM_BASE_URL: llm.url })
  const address = await url()
  const lost = chat(address, 'Hello model').catch(() => 'lost')
  await until(
    async () => llm.requests.length,
    (count) => count === 1,
  )
  child.kill('SIGTERM')
  child.kill('SIGINT')
  expect(await exit).toBe(1)
  expect(await lost).toBe('lost')
})
