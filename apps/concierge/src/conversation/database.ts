/** What the conversations need of a database: one statement at a time, with `$1`, `$2`, … as its parameters. */
export interface Database {
  query(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>
  close(): void
}

export type SqlValue = string | number | null
export type Row = Readonly<Record<string, unknown>>
