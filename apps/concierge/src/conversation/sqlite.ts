import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Database } from './database.ts'

/** The conversations of this process in one SQLite file, created with its folder where it is missing. */
export function openSqlite({ dataDir }: { dataDir: string }): Database {
  mkdirSync(dataDir, { recursive: true })
  const connection = new DatabaseSync(join(dataDir, 'conversations.sqlite'))
  // WAL with synchronous=NORMAL survives the death of the process; only a power cut may take the last moments.
  connection.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000',
  )
  return {
    query: async (sql, parameters = []) => {
      const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]))
      return connection.prepare(sql).all(named)
    },
    close: () => connection.close(),
  }
}
