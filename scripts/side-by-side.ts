/** Runs the measured operation `times` times, in sequence. */
export type Candidate = (times: number) => void | Promise<void>

export interface Comparison {
  readonly title: string
  /** By name; the first one is the baseline, 1.00. */
  readonly candidates: Readonly<Record<string, Candidate>>
  /** How often every candidate has its turn. @default 40 */
  readonly rounds?: number
  /** About how long one turn lasts, in milliseconds. @default 20 */
  readonly turnMs?: number
}

/**
 * Measures candidates in one process, taking turns in a new random order each round, and prints each one's time as a
 * ratio to the baseline's of the same round: median, and the spread from the 10th to the 90th percentile. On a shared
 * machine absolute times are noise, and a ratio between neighbours in time is not.
 */
export async function sideBySide({ title, candidates, rounds = 40, turnMs = 20 }: Comparison): Promise<void> {
  const runners = await Promise.all(
    Object.entries(candidates).map(async ([name, run]) => ({ name, run, times: 0, perOperation: [] as number[] })),
  )
  for (const runner of runners) runner.times = await calibrate(runner.run, turnMs)

  for (let round = 0; round < rounds; round += 1) {
    for (const runner of shuffled(runners)) {
      const start = performance.now()
      await runner.run(runner.times)
      runner.perOperation.push((performance.now() - start) / runner.times)
    }
  }

  const [baseline] = runners
  if (baseline === undefined) throw new RangeError('candidates: at least one is needed, received none')
  console.log(`\n${title}`)
  const width = Math.max(...runners.map(({ name }) => name.length))
  for (const { name, perOperation } of runners) {
    const ratios = perOperation
      .map((value, round) => value / (baseline.perOperation[round] ?? Number.NaN))
      .sort((a, b) => a - b)
    const at = (quantile: number): string =>
      (ratios[Math.floor(quantile * (ratios.length - 1))] ?? Number.NaN).toFixed(2)
    const nanoseconds = perOperation.toSorted((a, b) => a - b)[Math.floor(perOperation.length / 2)] ?? Number.NaN
    console.log(
      `  ${name.padEnd(width)}  × ${at(0.5).padStart(8)}  (${at(0.1)} – ${at(0.9)})  ${(nanoseconds * 1e6).toFixed(0).padStart(9)} ns`,
    )
  }
}

/** How many operations fill one turn; the doubling on the way there is the warm-up. */
async function calibrate(run: Candidate, turnMs: number): Promise<number> {
  // The first calls load and compile; measured, they would make one operation fill a turn.
  for (const start = performance.now(); performance.now() - start < turnMs;) await run(1)
  for (let times = 1; ; times *= 2) {
    const start = performance.now()
    await run(times)
    const took = performance.now() - start
    if (took >= turnMs / 2) return Math.max(1, Math.round((times * turnMs) / took))
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}
