import { createLogger } from '@aplomb/logger'
import { ConfigError, readConfig, type Config } from './config.ts'
import { startService } from './service.ts'
import { version } from './version.ts'

/** `EX_CONFIG` of BSD's sysexits: supervisors can tell a wrong configuration from a crash. */
const wrongConfiguration = 78

const config = configuration()
const logger = createLogger({ service: 'concierge-agent', version, level: config.logLevel })
const service = await startService(config, { logger })
greet(service.url)

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1)
    stopping = true
    logger.info('Stopping', { signal })
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal('Stopping failed', { error })
        process.exit(1)
      },
    )
  })
}

function configuration(): Config {
  try {
    process.loadEnvFile()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`The configuration is wrong:\n${error.problems.map((line) => `  ${line}\n`).join('')}`)
    process.exit(wrongConfiguration)
  }
}

/** On standard error, so that standard output holds log lines alone. */
function greet(url: string): void {
  const body = JSON.stringify({ user_id: 'ada', message: 'What is my balance?' })
  process.stderr.write(
    `\nThe concierge listens on ${url}\nTry it:\n\n  curl -s ${url}/api/v1/concierge/chat -H 'content-type: application/json' -d '${body}'\n\n`,
  )
}
