import { CompiledQuery, type Dialect, MysqlDialect } from 'kysely'
import { BOUNDS } from './server-bounds.ts'
import { speaking } from './server-driver.ts'

/** Text is compared byte by byte, as everywhere else: MySQL's own collations take `Zoe` for `Zoë`. */
const TABLE_OPTIONS = ' character set utf8mb4 collate utf8mb4_bin'

/** Kysely over a pool of connections to MySQL or MariaDB. Options behind the `?` of the URL are the driver's own. */
export async function mysqlDialect(url: string): Promise<Dialect> {
  const { createPool } = await import('mysql2')
  const pool = createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    charset: 'utf8mb4_bin',
    connectionLimit: BOUNDS.connections,
    connectTimeout: BOUNDS.connect,
    enableKeepAlive: true,
  })
  const dialect = new MysqlDialect({
    pool,
    // As PostgreSQL: gap locks would make claims and submits wait for each other, and end in deadlocks.
    onCreateConnection: async (connection) => {
      await connection.executeQuery(
        CompiledQuery.raw('set session transaction isolation level read committed'),
      )
    },
  })
  return speaking(dialect, (query) =>
    query.sql.startsWith('create table') ? { ...query, sql: query.sql + TABLE_OPTIONS } : query,
  )
}
