import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startKnowledge } from './start.ts'

describe('startKnowledge', () => {
  it('serves the articles of the repository over a loopback socket until it is closed', async () => {
    const knowledge = await startKnowledge()
    expect(knowledge.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)

    const response = await fetch(`${knowledge.url}/search`, { method: 'POST', body: '{"query":"freeze my card"}' })
    const { passages } = (await response.json()) as { passages: { id: string }[] }
    expect(passages[0]?.id).toBe('freeze-and-unfreeze-a-card')

    await knowledge.close()
    await expect(fetch(`${knowledge.url}/health`)).rejects.toThrow('fetch failed')
  })

  it('closes while clients keep sockets alive, silent or after a request', async () => {
    const knowledge = await startKnowledge()
    const { hostname, port } = new URL(knowledge.url)
    const silent = connect(Number(port), hostname)
    await once(silent, 'connect')
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(request(`${knowledge.url}/health`, { agent }).end(), 'response')) as [
      IncomingMessage,
    ]
    response.resume()
    await once(response, 'end')

    await knowledge.close()
    agent.destroy()
    silent.destroy()
    await expect(fetch(`${knowledge.url}/health`)).rejects.toThrow('fetch failed')
  })

  it('gives every call of close the same end', async () => {
    const knowledge = await startKnowledge()
    expect(knowledge.close()).toBe(knowledge.close())
    await knowledge.close()
  })

  it('rejects if the port is taken', async () => {
    const first = await startKnowledge()
    const port = Number(new URL(first.url).port)
    await expect(startKnowledge({ port })).rejects.toThrow('EADDRINUSE')
    await first.close()
  })
})
