/** What the conversations need of a database: one statement at a time, with `$1`, `$2`, … as its parameters. */
export interface Database {
  query(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>
  close(): void
}

type SqlValue = string | number | null
type Row = Readonly<Record<string, unknown>>
