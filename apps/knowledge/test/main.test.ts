import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function run(env: Record<string, string>): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, ['--conditions=@aplomb/source', main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(output: Readable): Promise<Record<string, unknown>> {
  const [line] = (await once(createInterface(output), 'line')) as [string]
  return JSON.parse(line) as Record<string, unknown>
}

describe('main', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('logs its address, serves, and ends with 0 on %s', async (signal) => {
    const child = run({ PORT: '0' })
    const exit = once(child, 'exit')
    const { url } = await firstLine(child.stdout)
    const response = await fetch(`${String(url)}/health`)
    expect(await response.json()).toMatchObject({ status: 'healthy' })

    child.kill(signal)
    expect(await exit).toEqual([0, null])
  })

  it.each(['http', '70000', '1.5'])('ends with 78 and names the rule if PORT is %s', async (port) => {
    const child = run({ PORT: port })
    const exit = once(child, 'exit')
    expect(await firstLine(child.stdout)).toMatchObject({ msg: 'PORT must be an integer from 0 to 65535' })
    expect(await exit).toEqual([78, null])
  })
})
