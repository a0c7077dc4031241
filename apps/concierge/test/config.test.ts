import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test("readConfig gives the seed's defaults when the environment is empty", () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    logLevel: 'info',
    rateLimit: { perSecond: 10, burst: 20 },
    knowledge: { url: undefined, timeoutMs: 10_000, failureThreshold: 5, openDurationMs: 30_000 },
    llm: { endpoint: undefined, timeoutMs: 30_000, failureThreshold: 3, openDurationMs: 60_000 },
    toolTimeoutMs: 5_000,
    retry: { maxRetries: 3, initialDelayMs: 1_000, maxDelayMs: 60_000 },
  })
})

test('readConfig reads every one of the thirteen variables of the seed', () => {
  const config = readConfig({
    LOG_LEVEL: 'WARNING',
    RATE_LIMIT_PER_SECOND: '50',
    RATE_LIMIT_BURST: '100',
    RAG_CB_FAILURE_THRESHOLD: '7',
    RAG_CB_TIMEOUT_SECONDS: '1.5',
    LLM_CB_FAILURE_THRESHOLD: '4',
    LLM_CB_TIMEOUT_SECONDS: '61',
    RAG_TIMEOUT_SECONDS: '11',
    LLM_TIMEOUT_SECONDS: '31',
    TOOL_TIMEOUT_SECONDS: '6',
    MAX_RETRIES: '0',
    INITIAL_RETRY_DELAY: '0.25',
    MAX_RETRY_DELAY: '2',
  })
  expect(config).toMatchObject({
    logLevel: 'warn',
    rateLimit: { perSecond: 50, burst: 100 },
    knowledge: { timeoutMs: 11_000, failureThreshold: 7, openDurationMs: 1_500 },
    llm: { timeoutMs: 31_000, failureThreshold: 4, openDurationMs: 61_000 },
    toolTimeoutMs: 6_000,
    retry: { maxRetries: 0, initialDelayMs: 250, maxDelayMs: 2_000 },
  })
})

test('readConfig takes an empty variable for an absent one', () => {
  expect(readConfig({ PORT: '', LOG_LEVEL: '  ' })).toMatchObject({ port: 8080, logLevel: 'info' })
})

describe('readConfig names the variable, the rule and the value', () => {
  test.each([
    ['PORT', '70000', 'PORT must be a whole number from 0 to 65535; received "70000"'],
    ['PORT', '0x50', 'PORT must be a whole number from 0 to 65535; received "0x50"'],
    ['RATE_LIMIT_BURST', '2.5', 'RATE_LIMIT_BURST must be a whole number from 1 to 1000000; received "2.5"'],
    ['RATE_LIMIT_PER_SECOND', '-1', 'RATE_LIMIT_PER_SECOND must be a number from 0.001 to 1000000; received "-1"'],
    ['LOG_LEVEL', 'verbose', 'LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, TRACE, FATAL; received "verbose"'],
    ['RAG_URL', 'knowledge:80', 'RAG_URL must be an http or https URL; received "knowledge:80"'],
    ['LLM_TIMEOUT_SECONDS', 'NaN', 'LLM_TIMEOUT_SECONDS must be a number from 0.001 to 86400; received "NaN"'],
  ])('%s=%s', (name, value, sentence) => {
    expect(problemsOf({ [name]: value })).toEqual([sentence])
  })

  test('all of them at once', () => {
    expect(problemsOf({ PORT: 'a', MAX_RETRIES: 'b' })).toHaveLength(2)
  })

  test('a server beyond loopback is refused while nothing proves who a caller is', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })[0]).toContain('HOST must be a loopback address')
  })

  test('a secret is not shown', () => {
    expect(problemsOf({ LLM_API_KEY: 'sk-very-secret' })).toEqual([
      'LLM_API_KEY must come together with LLM_BASE_URL; received (hidden)',
    ])
  })

  test('two variables that contradict each other', () => {
    expect(problemsOf({ INITIAL_RETRY_DELAY: '5', MAX_RETRY_DELAY: '1' })).toEqual([
      'INITIAL_RETRY_DELAY must not be above MAX_RETRY_DELAY; received "5"',
    ])
  })
})

test('readConfig prefers a named server to Together, and no key means the offline model', () => {
  expect(readConfig({ TOGETHER_API_KEY: 'k' }).llm.endpoint).toEqual({
    baseUrl: 'https://api.together.xyz/v1',
    apiKey: 'k',
    model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  })
  const both = { TOGETHER_API_KEY: 'k', LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_API_KEY: 'own', LLM_MODEL: 'm' }
  expect(readConfig(both).llm.endpoint).toEqual({ baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'own', model: 'm' })
})

test('the README lists every variable that readConfig reads', () => {
  const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const names = [...source.matchAll(/^ {4}([A-Z_]{4,}):/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThanOrEqual(20)
  for (const name of names) expect(readme).toContain(`\`${name}\``)
})
