import { createLogger, testSink } from '@aplomb/logger'

const sink = testSink() // keeps the lines; leave `destination` out to write to standard output
const logger = createLogger({ service: 'concierge-agent', version: '1.0.0', destination: sink.stream })

logger.info('service started', { port: 8080, apiKey: 'sk-123' })
logger.error('operation failed', { error: new Error('no answer', { cause: new Error('connection reset') }) })

logger.metric('latency', 1234.5, 'ms')
logger.apiCall('POST', '/chat', 200, 1234.5)
logger.llmCall('llama-3.3-70b', 150, 50, 2345.6)
logger.toolCall('get_account_balance', true, 123.4)

for (const line of sink.lines()) console.log(JSON.stringify(line))
// → "service.name":"concierge-agent","service.version":"1.0.0","port":8080,"apiKey":"[Redacted]","msg":"service started"
// → "cause":{"name":"Error","message":"connection reset"
// → "event.name":"metric","metric.name":"latency","metric.value":1234.5,"metric.unit":"ms"
// → "http.request.method":"POST","url.path":"/chat","http.response.status_code":200,"duration_ms":1234.5
// → "gen_ai.request.model":"llama-3.3-70b","gen_ai.usage.input_tokens":150,"gen_ai.usage.output_tokens":50
// → "gen_ai.tool.name":"get_account_balance"
