import { z } from 'zod'
import { DependencyError } from './dependency-error.ts'
import type { Resilience } from './resilience.ts'

const searchResponse = z.object({
  passages: z.array(
    z.object({ id: z.string(), title: z.string(), topic: z.string(), text: z.string(), score: z.number() }),
  ),
})

/** A help article, or the part of one, that may answer the question. */
export type Passage = z.infer<typeof searchResponse>['passages'][number]

/** The knowledge service (RAG), called over HTTP. */
export class KnowledgeClient {
  readonly #url: string
  readonly #policy: Resilience['knowledge']

  constructor({ url, policy }: { url: string; policy: Resilience['knowledge'] }) {
    this.#url = url.replace(/\/$/, '')
    this.#policy = policy
  }

  /**
   * The passages that fit the question best, at most three; none when nothing fits.
   *
   * @throws {DependencyError | CircuitOpenError | TimeoutError} when the service cannot be asked
   */
  search(query: string, { signal }: { signal: AbortSignal }): Promise<Passage[]> {
    return this.#policy.execute(
      async (context) => {
        const response = await post(`${this.#url}/search`, { query, limit: 3 }, context.signal)
        if (!response.ok) {
          await response.body?.cancel()
          throw new DependencyError('rag', {
            status: response.status,
            retryable: response.status >= 500 || response.status === 429,
          })
        }
        const parsed = searchResponse.safeParse(await response.json().catch(() => undefined))
        if (!parsed.success)
          throw new DependencyError('rag', { status: response.status, retryable: false, cause: parsed.error })
        return parsed.data.passages
      },
      { signal },
    )
  }

  /** Whether the service answers now. It goes around the policies: a check that moved the circuit would blur what it reports. */
  async isConnected(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#url}/health`, { signal: AbortSignal.timeout(1_000) })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new DependencyError('rag', { retryable: true, cause })
  }
}
