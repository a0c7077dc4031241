import { checkInteger, checkOptional, checkPositive } from './check.ts'
import { FixedWindow } from './fixed-window.ts'
import { toFraction } from './fraction.ts'
import { Gcra } from './gcra.ts'
import type { Meter } from './meter.ts'

/** How fast a bucket fills and how much it holds. */
export interface BucketLimit {
  /** Tokens a second; any positive number up to 1,000,000, kept exactly. */
  rate: number
  /** The most tokens the bucket holds, and so the largest burst; a whole number. */
  capacity: number
}

/** So many tokens in so much time. */
export interface QuotaLimit {
  /** The tokens of a window, all of which can be spent at once; a whole number. If sliding, at most 1000 a millisecond. */
  quota: number
  /** Milliseconds; a window of 365 days works. */
  windowMs: number
  /**
   * `sliding`: what is spent comes back evenly, as in a bucket of the rate quota / windowMs and the capacity quota.
   * `fixed`: all comes back at once, `windowMs` after the key's first use. @default 'sliding'
   */
  type?: 'sliding' | 'fixed' | undefined
}

/**
 * A token bucket or a quota. Its name turns up as `limitName` in decisions.
 *
 * @example
 * const limits: Limit[] = [
 *   { name: 'burst', rate: 10, capacity: 20 },
 *   { name: 'month', quota: 100_000, windowMs: 30 * 86_400_000, type: 'fixed' },
 * ]
 */
export type Limit = (
  | (BucketLimit & { quota?: never; windowMs?: never; type?: never })
  | (QuotaLimit & { rate?: never; capacity?: never })
) & { name?: string | undefined }

/** The arithmetic of one limit or of several, none of which may be exceeded. */
export function metersOf(limits: Limit | readonly Limit[]): readonly Meter[] {
  const list = Array.isArray(limits) ? (limits as readonly Limit[]) : [limits as Limit]
  if (list.length === 0) throw new RangeError('limits must hold at least one limit, received none')
  return list.map((limit) => {
    const given = (...names: string[]): boolean => names.some((name) => name in limit)
    const isObject = typeof limit === 'object' && limit !== null
    if (!isObject || given('rate', 'capacity') === given('quota', 'windowMs', 'type')) {
      throw new TypeError('a limit must have either rate and capacity or quota and windowMs')
    }
    checkOptional('name', limit.name, 'string')
    return given('rate', 'capacity') ? bucketMeter(limit as BucketLimit) : quotaMeter(limit as QuotaLimit)
  })
}

export function bucketMeter({ rate, capacity, name }: BucketLimit & { name?: string | undefined }): Gcra {
  checkPositive('rate', rate)
  checkInteger('capacity', capacity, 1)
  if (rate > 1_000_000) throw tooFast('rate', 1_000_000, rate)
  const { numerator, denominator } = toFraction(rate)
  return new Gcra({ numerator: denominator * 1_000_000n, denominator: numerator }, capacity, name)
}

function quotaMeter({ quota, windowMs, type = 'sliding', name }: QuotaLimit & { name?: string | undefined }): Meter {
  checkInteger('quota', quota, 1)
  checkPositive('windowMs', windowMs)
  const window = Math.round(windowMs * 1000)
  if (window < 1 || window > 2 ** 51) {
    throw new RangeError(`windowMs must be from 0.001 ms to 71 years, received ${windowMs}`)
  }
  if (type === 'fixed') return new FixedWindow(window, quota, name)
  if (type !== 'sliding') throw new TypeError(`type must be 'sliding' or 'fixed', received ${JSON.stringify(type)}`)
  if (quota > window) throw tooFast('quota / windowMs', 1000, quota / windowMs)
  return new Gcra({ numerator: BigInt(window), denominator: BigInt(quota) }, quota, name)
}

/** A bucket gets back what it lost to the rounding of time, less than a microsecond's worth: that must be no burst. */
function tooFast(name: string, limit: number, value: number): RangeError {
  return new RangeError(`${name} must be <= ${limit}, a token each microsecond, the grain of time, received ${value}`)
}
