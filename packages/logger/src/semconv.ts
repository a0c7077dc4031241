/** The names of OpenTelemetry's semantic conventions that the typed events write, by version of the conventions. */
const v1_41 = {
  eventName: 'event.name',
  errorType: 'error.type',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  model: 'gen_ai.request.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  finishReasons: 'gen_ai.response.finish_reasons',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
} as const

export type Names = { readonly [Name in keyof typeof v1_41]: string }

/** A version of OpenTelemetry's semantic conventions. */
export type SemconvVersion = '1.36' | '1.41'

export const semconv: Readonly<Record<SemconvVersion, Names>> = {
  // Before 1.37 the provider was called the system.
  '1.36': { ...v1_41, provider: 'gen_ai.system' },
  '1.41': v1_41,
}

/** Names the conventions have no attribute for, or only a metric in another unit. */
export const ownNames = {
  durationMs: 'duration_ms',
  timeToFirstChunkMs: 'time_to_first_chunk_ms',
  toolSuccess: 'tool.success',
  metricName: 'metric.name',
  metricValue: 'metric.value',
  metricUnit: 'metric.unit',
} as const

/** What `error.type` holds when nothing better is known, as the conventions ask for. */
export const otherError = '_OTHER'
