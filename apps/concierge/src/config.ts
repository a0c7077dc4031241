import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** The environment is wrong: `problems` holds one sentence for each variable, with its name, the rule and the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  readonly rateLimit: { readonly perSecond: number; readonly burst: number }
  readonly knowledge: DependencyConfig & { readonly url: string | undefined }
  readonly llm: DependencyConfig & { readonly endpoint: LlmEndpoint | undefined }
  readonly toolTimeoutMs: number
  readonly retry: { readonly maxRetries: number; readonly initialDelayMs: number; readonly maxDelayMs: number }
}

export interface DependencyConfig {
  readonly timeoutMs: number
  readonly failureThreshold: number
  readonly openDurationMs: number
}

export interface LlmEndpoint {
  readonly baseUrl: string
  readonly apiKey: string | undefined
  readonly model: string
}

const togetherUrl = 'https://api.together.xyz/v1'
const secrets = new Set(['TOGETHER_API_KEY', 'LLM_API_KEY'])
/** The seed wrote `WARNING`, and Python's other names are near enough to be typed by habit. */
const logLevels = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  fatal: 'fatal',
  critical: 'fatal',
} as const

const number = (fallback: number, { min, max }: { min: number; max: number }) =>
  parsed(`must be a number from ${min} to ${max}`, fallback, (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  })
const wholeNumber = (fallback: number, { min, max }: { min: number; max: number }) =>
  parsed(`must be a whole number from ${min} to ${max}`, fallback, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  })
const seconds = (fallback: number, { min = 0.001, max = 86_400 } = {}) =>
  number(fallback, { min, max }).transform((value) => value * 1_000)
const httpUrl = () =>
  parsed('must be an http or https URL', undefined, (text) =>
    /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined,
  )
const anyText = <Fallback extends string | undefined>(fallback: Fallback) =>
  parsed('must be text', fallback, (text) => text)

const environment = z
  .object({
    LOG_LEVEL: parsed(
      'must be one of DEBUG, INFO, WARNING, ERROR, TRACE, FATAL',
      'info',
      (text) => Object.entries(logLevels).find(([name]) => name === text.toLowerCase())?.[1],
    ),
    RATE_LIMIT_PER_SECOND: number(10, { min: 0.001, max: 1_000_000 }),
    RATE_LIMIT_BURST: wholeNumber(20, { min: 1, max: 1_000_000 }),
    RAG_CB_FAILURE_THRESHOLD: wholeNumber(5, { min: 1, max: 1_000_000 }),
    RAG_CB_TIMEOUT_SECONDS: seconds(30),
    LLM_CB_FAILURE_THRESHOLD: wholeNumber(3, { min: 1, max: 1_000_000 }),
    LLM_CB_TIMEOUT_SECONDS: seconds(60),
    RAG_TIMEOUT_SECONDS: seconds(10),
    LLM_TIMEOUT_SECONDS: seconds(30),
    TOOL_TIMEOUT_SECONDS: seconds(5),
    MAX_RETRIES: wholeNumber(3, { min: 0, max: 100 }),
    INITIAL_RETRY_DELAY: seconds(1, { min: 0 }),
    MAX_RETRY_DELAY: seconds(60, { min: 0 }),
    HOST: parsed(
      'must be a loopback address (127.0.0.1, ::1 or localhost): callers only say who they are, nothing proves it yet',
      '127.0.0.1',
      (text) => (/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(text) ? text : undefined),
    ),
    PORT: wholeNumber(8080, { min: 0, max: 65_535 }),
    DATA_DIR: anyText(fileURLToPath(new URL('../data', import.meta.url))),
    RAG_URL: httpUrl(),
    TOGETHER_API_KEY: anyText(undefined),
    LLM_BASE_URL: httpUrl(),
    LLM_API_KEY: anyText(undefined),
    LLM_MODEL: anyText('meta-llama/Llama-3.3-70B-Instruct-Turbo'),
  })
  .check((context) => {
    const { INITIAL_RETRY_DELAY: initial, MAX_RETRY_DELAY: max, LLM_API_KEY, LLM_BASE_URL } = context.value
    const refuse = (variable: string, message: string) =>
      context.issues.push({ code: 'custom', path: [variable], message, input: undefined })
    if (initial > max) refuse('INITIAL_RETRY_DELAY', 'must not be above MAX_RETRY_DELAY')
    if (LLM_API_KEY !== undefined && LLM_BASE_URL === undefined)
      refuse('LLM_API_KEY', 'must come together with LLM_BASE_URL')
  })

/**
 * Reads the configuration from environment variables. An empty value counts as absent.
 *
 * @throws {ConfigError} naming every wrong variable, its rule and the value (secrets masked)
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const result = environment.safeParse(given)
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map(({ path, message }) => {
        const name = String(path[0])
        const value = secrets.has(name) ? '(hidden)' : JSON.stringify(given[name] ?? '(its default)')
        return `${name} ${message}; received ${value}`
      }),
    )
  }
  const read = result.data
  return {
    host: read.HOST,
    port: read.PORT,
    dataDir: read.DATA_DIR,
    logLevel: read.LOG_LEVEL,
    rateLimit: { perSecond: read.RATE_LIMIT_PER_SECOND, burst: read.RATE_LIMIT_BURST },
    knowledge: {
      url: read.RAG_URL,
      timeoutMs: read.RAG_TIMEOUT_SECONDS,
      failureThreshold: read.RAG_CB_FAILURE_THRESHOLD,
      openDurationMs: read.RAG_CB_TIMEOUT_SECONDS,
    },
    llm: {
      endpoint: llmEndpoint(read),
      timeoutMs: read.LLM_TIMEOUT_SECONDS,
      failureThreshold: read.LLM_CB_FAILURE_THRESHOLD,
      openDurationMs: read.LLM_CB_TIMEOUT_SECONDS,
    },
    toolTimeoutMs: read.TOOL_TIMEOUT_SECONDS,
    retry: { maxRetries: read.MAX_RETRIES, initialDelayMs: read.INITIAL_RETRY_DELAY, maxDelayMs: read.MAX_RETRY_DELAY },
  }
}

/** The more specific setting wins: a server named by LLM_BASE_URL, then Together, else none (the offline model). */
function llmEndpoint(read: z.output<typeof environment>): LlmEndpoint | undefined {
  if (read.LLM_BASE_URL !== undefined)
    return { baseUrl: read.LLM_BASE_URL, apiKey: read.LLM_API_KEY, model: read.LLM_MODEL }
  if (read.TOGETHER_API_KEY !== undefined)
    return { baseUrl: togetherUrl, apiKey: read.TOGETHER_API_KEY, model: read.LLM_MODEL }
  return undefined
}

/** An optional variable read by `read`, which gives `undefined` for text that breaks the rule. */
function parsed<T, Fallback extends T | undefined>(
  rule: string,
  fallback: Fallback,
  read: (text: string) => T | undefined,
) {
  return z
    .string()
    .trim()
    .optional()
    .transform((text, context): T | Fallback => {
      if (text === undefined) return fallback
      const value = read(text)
      if (value !== undefined) return value
      context.addIssue({ code: 'custom', message: rule })
      return z.NEVER
    })
}
