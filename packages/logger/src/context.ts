import { AsyncLocalStorage } from 'node:async_hooks'
import type { PlainObject } from './plain.ts'

/** The fields of the call that is running, for every logger of the process. */
export const context: AsyncLocalStorage<PlainObject> = new AsyncLocalStorage()
