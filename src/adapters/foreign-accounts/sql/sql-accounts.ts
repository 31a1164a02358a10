import { type Dialect, Kysely, sql } from 'kysely'
import { AppError, toAppError } from '../../../domain/errors.ts'
import type { ForeignAccount, ForeignAccounts } from '../../../ports/foreign-accounts.ts'
import { databaseSays } from '../../sql/sql-error.ts'

interface Row {
  readonly id: unknown
  readonly email: unknown
  readonly password: unknown
}

const PAGE = 500

/** The accounts in a table with the columns id, email and password. Pages go by the id: no cursor stays open. */
export function sqlAccounts(dialect: Dialect, table: string): ForeignAccounts {
  const db = new Kysely<unknown>({ dialect })
  return {
    read: () => read(db, table),
    close: () => db.destroy(),
  }
}

async function* read(db: Kysely<unknown>, table: string): AsyncGenerator<ForeignAccount> {
  for (let last: Row | undefined; ; ) {
    const page = await pageAfter(db, table, last)
    for (const { id, email, password } of page) yield { where: `id ${id}`, email, password }
    last = page.at(-1)
    if (page.length < PAGE) return
  }
}

async function pageAfter(db: Kysely<unknown>, table: string, last: Row | undefined): Promise<readonly Row[]> {
  const further = last === undefined ? sql`` : sql`where id > ${last.id}`
  const page = sql<Row>`select id, email, password from ${sql.table(table)} ${further} order by id limit ${sql.lit(PAGE)}`
  try {
    return (await page.execute(db)).rows
  } catch (cause) {
    const { code } = toAppError(cause)
    throw new AppError(
      code === 'SERVICE_UNAVAILABLE' ? code : 'INPUT_NOT_FOUND',
      `the table ${table} can not be read: ${databaseSays(cause)}`,
      { cause },
    )
  }
}
