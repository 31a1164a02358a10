import { createConnection } from 'mysql2/promise'
import { type SqlServer, sqlBackend, sqlDatabase, sqlIsThere } from './sql-server.ts'

const SERVER: SqlServer = {
  url: process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/',
  async ask(uri, statement) {
    const connection = await createConnection({ uri, connectTimeout: 2_000 })
    try {
      await connection.query(statement)
    } finally {
      await connection.end()
    }
  },
}

/** True when a MySQL or MariaDB answers: TEST_MYSQL_URL, else the standard port of this machine. */
export const mysqlIsThere = () => sqlIsThere(SERVER)

/** A new, empty database. */
export const mysqlDatabase = () => sqlDatabase(SERVER)

/** Databases of the tests' own, dropped when they end. Call it where hooks may be registered. */
export const mysqlBackend = () => sqlBackend(SERVER)
