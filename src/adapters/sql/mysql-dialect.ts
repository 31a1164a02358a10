import { Socket } from 'node:net'
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
  pool.on('connection', (connection) => boundSilence(Reflect.get(connection, 'stream')))
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

/** The driver has no bound for an answer: a link that was silent for too long is broken off, and whoever waits is told. */
function boundSilence(stream: unknown): void {
  if (!(stream instanceof Socket)) return
  const silent = Object.assign(new Error('the server does not answer'), { code: 'ETIMEDOUT' })
  stream.setTimeout(BOUNDS.query, () => stream.destroy(silent))
}
