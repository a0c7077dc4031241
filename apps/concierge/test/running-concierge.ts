import { createLogger, testSink } from '@aplomb/logger'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readConfig } from '../src/config.ts'
import { startService, type ServiceOptions } from '../src/service.ts'

/** A concierge on a free port with its own empty data folder, for the length of one test. */
export async function runningConcierge(
  env: Readonly<Record<string, string>> = {},
  options: Partial<ServiceOptions> = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'concierge-'))
  const sink = testSink()
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, ...env })
  const logger = createLogger({ service: 'concierge-agent', level: config.logLevel, destination: sink.stream })
  const service = await startService(config, { logger, ...options })
  onTestFinished(async () => {
    await service.stop()
    rmSync(dataDir, { recursive: true })
  })

  const get = async (path: string, init?: RequestInit) => answerOf(await fetch(`${service.url}${path}`, init))
  const post = (body: unknown, init?: RequestInit) =>
    get('/api/v1/concierge/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
    })
  return {
    url: service.url,
    get,
    post,
    /** One message of the user `ada`. */
    ask: (message: string, more: Record<string, unknown> = {}) => post({ user_id: 'ada', message, ...more }),
    logs: () => sink.lines(),
  }
}

async function answerOf(response: Response) {
  const text = await response.text()
  const body: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, body }
}

/** Waits until what `probe` gives satisfies `done`, asking again every few milliseconds, for 5 s at most. */
export async function until<T>(probe: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 5_000
  for (;;) {
    const value = await probe()
    if (done(value)) return value
    if (performance.now() > end) throw new Error(`not so within 5 s: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
