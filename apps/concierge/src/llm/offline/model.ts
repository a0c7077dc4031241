import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider'
import { randomUUID } from 'node:crypto'
import { passagesIn } from '../prompt.ts'
import { extract } from './extract.ts'
import { intentOf } from './intent.ts'
import { phrase } from './phrase.ts'

const modelId = 'concierge-extractive-1'
const signature = `(I am ${modelId}, an offline model: I look up tools and help articles, and I do not converse.)`
const abilities =
  'I can tell you your balance and latest transactions, find a branch, give an exchange rate, and look things up in our help centre.'
const introduction = `Hello! ${abilities}`
const ignorance = `I do not know the answer to this. ${abilities}`

/**
 * A model without weights that needs no key and no network: it picks a tool by the message's intent, else answers with
 * the passages' own sentences and cites them, else admits that it does not know. It reads the same prompt as a real one.
 */
export function offlineModel(): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'offline',
    modelId,
    supportedUrls: {},
    doGenerate: async (options) => {
      const content = reply(options)
      return { content: [content], ...ending(options.prompt, content), warnings: [] }
    },
    doStream: async (options) => {
      const content = reply(options)
      const id = randomUUID()
      const parts =
        content.type === 'text'
          ? [
              { type: 'text-start' as const, id },
              // Word by word, so that a reader's handling of deltas is the same as with a real model.
              ...content.text.split(/(?<=\s)/).map((delta) => ({ type: 'text-delta' as const, id, delta })),
              { type: 'text-end' as const, id },
            ]
          : [content]
      const stream = ReadableStream.from([
        { type: 'stream-start' as const, warnings: [] },
        ...parts,
        { type: 'finish' as const, ...ending(options.prompt, content) },
      ])
      return { stream }
    },
  }
}

type Reply = Extract<LanguageModelV4Content, { type: 'text' | 'tool-call' }>

function reply({ prompt, tools }: LanguageModelV4CallOptions): Reply {
  const question = lastUserMessage(prompt)
  const results = toolResultsAfterIt(prompt)
  if (results.length > 0) return text([...results, signature].join('\n\n'))

  const intent = intentOf(question)
  if (intent !== undefined && tools?.some(({ name }) => name === intent.tool)) {
    return { type: 'tool-call', toolCallId: randomUUID(), toolName: intent.tool, input: JSON.stringify(intent.input) }
  }
  if (/^(hi|hello|hey|good (morning|afternoon|evening|day))\b[\s,!.]*(there)?[\s,!.]*$/i.test(question)) {
    return text(`${introduction}\n\n${signature}`)
  }
  const system = prompt.find((message) => message.role === 'system')?.content ?? ''
  return text(`${extract(question, passagesIn(system)) ?? ignorance}\n\n${signature}`)
}

const text = (value: string): Reply => ({ type: 'text', text: value })

function lastUserMessage(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast(({ role }) => role === 'user')
  return message?.role === 'user' ? textOf(message.content) : ''
}

function toolResultsAfterIt(prompt: LanguageModelV4Prompt): string[] {
  const asked = prompt.findLastIndex(({ role }) => role === 'user')
  return prompt.slice(asked + 1).flatMap((message) =>
    message.role !== 'tool'
      ? []
      : message.content.flatMap((part) => {
          if (part.type !== 'tool-result') return []
          const { output } = part
          return [
            output.type === 'json'
              ? phrase(part.toolName, output.value)
              : `I could not get this: ${part.toolName} failed. Please try again in a moment.`,
          ]
        }),
  )
}

const textOf = (content: readonly { readonly type: string; readonly text?: string }[]): string =>
  content.map((part) => part.text ?? '').join(' ')

/** This model has no tokens; it counts words, of the conversation and of what it wrote. */
function ending(prompt: LanguageModelV4Prompt, content: Reply) {
  const words = (value: string): number => value.split(/\s+/).filter(Boolean).length
  const input = prompt.reduce(
    (sum, { content: part }) => sum + words(typeof part === 'string' ? part : textOf(part)),
    0,
  )
  const output = words(content.type === 'text' ? content.text : content.input)
  return {
    finishReason: { unified: content.type === 'text' ? ('stop' as const) : ('tool-calls' as const), raw: undefined },
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: output, text: output, reasoning: undefined },
    },
  }
}
