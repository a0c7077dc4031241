import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with one line, `N passed, N failed`, that people and CI can read; `, N skipped` follows if anything was.
 * In CI a skipped test fails the run: a suite whose server is missing must not pass as if it had run.
 */
class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        count[state === 'pending' ? 'skipped' : state] += 1
      }
      // A file that could not be loaded, or whose hooks failed, holds no failed test and has failed all the same.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) count.failed += 1
    }
    count.failed += unhandledErrors.length
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.on('exit', () => {
      process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`)
      if (process.env.CI && count.skipped > 0) {
        process.stdout.write('CI does not accept skipped tests: install what they need (see .ci/run)\n')
        process.exitCode ||= 1
      }
    })
  }
}

export default ClosingLineReporter
