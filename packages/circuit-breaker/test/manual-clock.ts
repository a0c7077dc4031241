import type { Clock } from '@aplomb/circuit-breaker'

/** Time that moves when it is told to, and counts how often it was asked for. */
export class ManualClock implements Clock {
  reads = 0
  #now = 1_000

  now(): number {
    this.reads += 1
    return this.#now
  }

  advance(ms: number): void {
    this.#now += ms
  }
}
