import type { Level } from './level.ts'
import { isError } from './plain.ts'
import { otherError, ownNames, type Names } from './semconv.ts'

/** Named values of a line. Any value will do: what JSON cannot hold is described. */
export type Fields = Readonly<Record<string, unknown>>

interface Call {
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** Why it failed. It is written under `err`, and its name as `error.type`. */
  readonly error?: unknown
  /** Replaces the level that the outcome suggests. */
  readonly level?: Level | undefined
  /** What else to say. Prompts, arguments, headers and bodies are never written unless they are named here. */
  readonly fields?: Fields | undefined
}

/** A request that was answered, or sent and answered. */
export interface ApiCall extends Call {
  readonly method: string
  /** The path, with or without a query, or a whole URL; only the path is written. */
  readonly path: string
  /** The pattern that the path matched, such as `/users/:id`. */
  readonly route?: string | undefined
  readonly status: number
}

/** A call of a language model. */
export interface LlmCall extends Call {
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  /** As OpenTelemetry names it: `openai`, `groq`, `aws.bedrock`, … */
  readonly provider?: string | undefined
  readonly finishReasons?: readonly string[] | undefined
  /** Milliseconds from the request to the first part of a streamed answer. */
  readonly timeToFirstChunkMs?: number | undefined
}

/** A run of a tool that a model asked for. */
export interface ToolCall extends Call {
  readonly tool: string
  readonly success: boolean
  /** The id that the model gave the call. */
  readonly callId?: string | undefined
}

/** One line of a typed event. */
export interface Event {
  readonly level: Level
  readonly msg: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly fields: Fields | undefined
}

export function metricEvent(names: Names, name: string, value: number, unit: string, fields?: Fields): Event {
  return {
    level: 'info',
    msg: `metric ${name}`,
    attributes: {
      [names.eventName]: 'metric',
      [ownNames.metricName]: name,
      [ownNames.metricValue]: value,
      [ownNames.metricUnit]: unit,
    },
    fields,
  }
}

export function apiCallEvent(names: Names, call: ApiCall): Event {
  const { method, path, route, status, durationMs, error, fields } = call
  const urlPath = pathOnly(path)
  const failed = error !== undefined || status >= 500
  return {
    level: call.level ?? (failed ? 'error' : status >= 400 ? 'warn' : 'info'),
    msg: `${method} ${urlPath} ${status}`,
    attributes: {
      [names.eventName]: 'api_call',
      [names.httpMethod]: method,
      [names.urlPath]: urlPath,
      [names.httpRoute]: route,
      [names.httpStatus]: status,
      [ownNames.durationMs]: durationMs,
      // A server's 4xx is the client's mistake, and no error of the call (HTTP conventions, "Status").
      [names.errorType]: failed ? errorType(error, String(status)) : undefined,
      err: error,
    },
    fields,
  }
}

export function llmCallEvent(names: Names, call: LlmCall): Event {
  const { model, inputTokens, outputTokens, durationMs, provider, finishReasons, timeToFirstChunkMs, error } = call
  return {
    level: call.level ?? (error === undefined ? 'info' : 'error'),
    msg: `llm ${model}`,
    attributes: {
      [names.eventName]: 'llm_call',
      [names.operation]: 'chat',
      [names.provider]: provider,
      [names.model]: model,
      [names.inputTokens]: inputTokens,
      [names.outputTokens]: outputTokens,
      [names.finishReasons]: finishReasons,
      [ownNames.timeToFirstChunkMs]: timeToFirstChunkMs,
      [ownNames.durationMs]: durationMs,
      [names.errorType]: error === undefined ? undefined : errorType(error, otherError),
      err: error,
    },
    fields: call.fields,
  }
}

export function toolCallEvent(names: Names, call: ToolCall): Event {
  const { tool, success, durationMs, callId, error } = call
  const failed = !success || error !== undefined
  return {
    level: call.level ?? (failed ? 'error' : 'info'),
    msg: `tool ${tool}`,
    attributes: {
      [names.eventName]: 'tool_call',
      [names.operation]: 'execute_tool',
      [names.toolName]: tool,
      [names.toolCallId]: callId,
      [ownNames.toolSuccess]: success,
      [ownNames.durationMs]: durationMs,
      [names.errorType]: failed ? errorType(error, otherError) : undefined,
      err: error,
    },
    fields: call.fields,
  }
}

function errorType(error: unknown, fallback: string): string {
  return isError(error) && typeof error.name === 'string' ? error.name : fallback
}

/** A query may hold secrets, and an origin is not a path. */
function pathOnly(path: string): string {
  return path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/'
}
