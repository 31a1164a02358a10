import pg from 'pg'
import { type SqlServer, sqlBackend, sqlDatabase, sqlIsThere } from './sql-server.ts'

const SERVER: SqlServer = {
  url: process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres',
  dropping: 'with (force)',
  async ask(connectionString, statement) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 })
    try {
      await client.connect()
      await client.query(statement)
    } finally {
      await client.end()
    }
  },
}

/** True when a PostgreSQL answers: TEST_POSTGRES_URL, else the standard port of this machine. */
export const postgresIsThere = () => sqlIsThere(SERVER)

/** A new, empty database. */
export const postgresDatabase = () => sqlDatabase(SERVER)

/** Databases of the tests' own, dropped when they end. Call it where hooks may be registered. */
export const postgresBackend = () => sqlBackend(SERVER)
