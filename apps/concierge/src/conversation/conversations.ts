import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Database } from './database.ts'

export interface Source {
  readonly n: number
  readonly id: string
  readonly title: string
  readonly topic: string
  readonly score: number
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly output?: unknown
  readonly error?: string
  readonly duration_ms: number
}

const detailsSchema = z.object({
  sources: z.array(z.custom<Source>()).optional(),
  tool_calls: z.array(z.custom<ToolCall>()).optional(),
  model: z.string().optional(),
  degraded: z.boolean().optional(),
})
/** What an answer was made of; kept with it. */
export type MessageDetails = z.infer<typeof detailsSchema>

const messageSchema = z.object({
  message_id: z.string(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  created_at: z.string(),
  details: z.string().transform((json) => detailsSchema.parse(JSON.parse(json))),
})
export type Message = z.infer<typeof messageSchema>

const sessionSchema = z.object({ session_id: z.string(), user_id: z.string(), created_at: z.string() })
export type Session = z.infer<typeof sessionSchema>

const schema = [
  `CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    created_at TEXT NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS messages (
    message_id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (session_id),
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (session_id, position)
  )`,
]

/** The conversations of all users, in one database. */
export class Conversations {
  readonly #database: Database

  private constructor(database: Database) {
    this.#database = database
  }

  /** Makes the tables where they are missing. */
  static async open(database: Database): Promise<Conversations> {
    for (const statement of schema) await database.query(statement)
    return new Conversations(database)
  }

  /** The session under this id, begun now if there was none. It may be another user's: compare `user_id`. */
  async begin(sessionId: string, userId: string): Promise<Session> {
    await this.#database.query(
      'INSERT INTO sessions (session_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (session_id) DO NOTHING',
      [sessionId, userId, new Date().toISOString()],
    )
    const session = await this.find(sessionId)
    if (session === undefined) throw new Error('a session that was just begun is missing')
    return session
  }

  async find(sessionId: string): Promise<Session | undefined> {
    const [row] = await this.#database.query(
      'SELECT session_id, user_id, created_at FROM sessions WHERE session_id = $1',
      [sessionId],
    )
    return row && sessionSchema.parse(row)
  }

  /** Stores a message at the end of its session and gives its id. */
  async append(
    sessionId: string,
    role: Message['role'],
    content: string,
    details: MessageDetails = {},
  ): Promise<string> {
    const messageId = randomUUID()
    await this.#database.query(
      `INSERT INTO messages (message_id, session_id, position, role, content, details, created_at)
       SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6 FROM messages WHERE session_id = $2`,
      [messageId, sessionId, role, content, JSON.stringify(details), new Date().toISOString()],
    )
    return messageId
  }

  /** The last messages of a session, oldest first. */
  async messages(sessionId: string, { last }: { last: number }): Promise<Message[]> {
    const rows = await this.#database.query(
      `SELECT message_id, role, content, details, created_at FROM messages WHERE session_id = $1 ORDER BY position DESC LIMIT $2`,
      [sessionId, last],
    )
    return rows.map((row) => messageSchema.parse(row)).toReversed()
  }

  /** Whether the database answers. */
  async isActive(): Promise<boolean> {
    try {
      await this.#database.query('SELECT 1')
      return true
    } catch {
      return false
    }
  }
}
