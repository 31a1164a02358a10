import { type Dialect, Kysely, type RawBuilder, sql } from 'kysely'
import { AppError, toAppError } from '../../../domain/errors.ts'
import type { Examination } from '../../../ports/examination.ts'
import { checkVersion } from '../check-version.ts'
import { missingMigrations, type Room } from '../migrate.ts'
import { databaseSays, refusalOf } from '../sql-error.ts'
import { mayMakeTables, mayWrite } from './try-rights.ts'

/** A database, and how it is asked what it is and, where its clock is not ours, what time it has. */
export interface Examined {
  readonly dialect: Dialect
  readonly question: RawBuilder<{ says: string; at: number | string | null }>
  /** What it says to be, in two words. */
  readonly nameOf: (says: string) => string
  /** The database that the URL names. */
  readonly database: string
}

/** Version, clock, tables and rights of a database. What is in it stays as it is. */
export async function examineDatabase(
  examined: Examined,
  room: Room,
  migrate: boolean,
  found: Examination,
): Promise<void> {
  const db = new Kysely<unknown>({ dialect: examined.dialect })
  try {
    await sql`select 1`.execute(db) // what is asked next finds a connection
    const answer = await found.ask(
      () => examined.question.execute(db),
      ({ rows }) => (rows[0]?.at == null ? null : Number(rows[0].at)),
    )
    const says = answer.rows[0]?.says ?? ''
    found.fact(examined.nameOf(says))
    checkVersion(room.name, says)
    await examineTables(db, room, migrate, found)
  } catch (error) {
    explain(error, examined.database, found)
  } finally {
    await db.destroy()
  }
}

async function examineTables(db: Kysely<unknown>, room: Room, migrate: boolean, found: Examination) {
  const missing = await missingMigrations(db, room)
  if (missing.length === 0) {
    found.fact('tables up to date')
    await mayWrite(db, room.name, found)
  } else if (migrate) found.fact(`tables lack ${missing.join(', ')} until the next start`)
  else {
    const what = `MIGRATE is off, and the tables of ${room.name} lack ${missing.join(', ')}`
    found.fail(what, 'Run `soundlift migrate` as a user that may create tables, or leave MIGRATE on.')
  }
  if (migrate) await mayMakeTables(db, missing.length > 0, found)
}

function explain(error: unknown, database: string, found: Examination): void {
  const says = databaseSays(error)
  const mend = mendOf(error, database, found.variable)
  if (mend === null) found.failBy(said(error, says))
  else found.fail(`it refuses us: ${says}`, mend)
}

function mendOf(error: unknown, database: string, variable: string): string | null {
  switch (refusalOf(error)) {
    case 'login':
      return `Mend user and password in ${variable}.`
    case 'no database':
      return `Make it: \`create database ${database}\`, or name another in ${variable}.`
    case 'denied':
      return `Let the user of ${variable} into the database: \`grant all privileges on ${database} …\`.`
    case null:
      return null
  }
}

/** A failure that tells what the database said of it. */
function said(error: unknown, says: string): AppError {
  const { code, message } = toAppError(error)
  if (code === 'CONFIG_INVALID') return new AppError(code, message)
  return new AppError(code, code === 'SERVICE_UNAVAILABLE' ? `it does not answer: ${says}` : says)
}
