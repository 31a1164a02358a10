import { type Kysely, sql } from 'kysely'
import { newId } from '../../../kit/ids.ts'
import type { Examination } from '../../../ports/examination.ts'
import type { Room } from '../migrate.ts'
import { databaseSays, isDenied } from '../sql-error.ts'

/** A table of each room; each has a column `id`. */
const TABLES = {
  users: 'soundlift_accounts',
  library: 'soundlift_conversions',
  notifications: 'soundlift_deliveries',
} as const satisfies Record<Room['name'], string>

/** Statements that are allowed or not, and find no row to change. */
export async function mayWrite(db: Kysely<unknown>, room: Room['name'], found: Examination): Promise<void> {
  const name = TABLES[room]
  const table = sql.table(name)
  const statements = {
    select: sql`select id from ${table} where 1 = 0`,
    insert: sql`insert into ${table} select * from ${table} where 1 = 0`,
    update: sql`update ${table} set id = id where 1 = 0`,
    delete: sql`delete from ${table} where 1 = 0`,
  }
  for (const [right, statement] of Object.entries(statements)) {
    const refused = await refusal(() => statement.execute(db))
    if (refused === null) continue
    const mend = `\`grant select, insert, update, delete\` on every table soundlift_… to the user of ${found.variable}.`
    return found.fail(`it does not let us ${right}: ${refused}`, mend)
  }
  found.fact('rows can be written')
}

/** Makes, changes and removes a table of its own. `needed`: the next start wants to. */
export async function mayMakeTables(db: Kysely<unknown>, needed: boolean, found: Examination): Promise<void> {
  const name = `soundlift_doctor_${newId()}`
  const refused = await refusal(async () => {
    try {
      await db.schema.createTable(name).addColumn('id', 'varchar(24)').execute()
      await db.schema.alterTable(name).addColumn('more', 'varchar(24)').execute()
    } finally {
      await db.schema.dropTable(name).ifExists().execute()
    }
  })
  if (refused === null) return found.fact('tables can be made')
  const mend = `Let the user of ${found.variable} create tables (PostgreSQL: \`grant create on schema public to …\`; MySQL: \`grant create, alter, index, drop, references …\`), or set MIGRATE=off and run \`soundlift migrate\` as another.`
  if (needed) found.fail(`it lets us make no tables: ${refused}`, mend)
  else found.warn(`it lets us make no tables, which a newer release may need: ${refused}`, mend)
}

/** What the database says where it does not allow `deed`; null where it does. */
async function refusal(deed: () => Promise<unknown>): Promise<string | null> {
  try {
    await deed()
    return null
  } catch (error) {
    if (isDenied(error)) return databaseSays(error)
    throw error
  }
}
