/** A row of another program's user table as it lies there: nothing of it has been checked. */
export interface ForeignAccount {
  /** What an operator finds the row by, such as `id 7`. */
  readonly where: string
  readonly email: unknown
  readonly password: unknown
}

/** The user table of another program. It is only read. */
export interface ForeignAccounts {
  /** All rows in order of their id, a page at a time. INPUT_NOT_FOUND when the table can not be read. */
  read(): AsyncIterable<ForeignAccount>
  close(): Promise<void>
}
