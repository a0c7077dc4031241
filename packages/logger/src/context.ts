import { AsyncLocalStorage } from 'node:async_hooks'
import type { PlainObject } from './plain.ts'

/** The fields of the call that is running, and the rules by which they were copied. */
export interface Ambient {
  readonly rules: object
  readonly fields: PlainObject
}

const key = Symbol.for('@aplomb/logger.context')
const process = globalThis as { [key]?: AsyncLocalStorage<Ambient> }

/** One for every logger of the process, those of another copy of this package included. */
export const context: AsyncLocalStorage<Ambient> = (process[key] ??= new AsyncLocalStorage())
