import { type Dialect, PostgresDialect } from 'kysely'
import { BOUNDS } from './server-bounds.ts'
import { speaking } from './server-driver.ts'

/** PostgreSQL's type int8, which it gives as text: ours are times and sizes, far below 2^53. */
const INT8 = 20

/**
 * Kysely over a pool of connections to PostgreSQL. Options behind the `?` of the URL are the driver's own, and
 * `schema` or `search_path`, which says where our tables are.
 */
export async function postgresDialect(url: string): Promise<Dialect> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: withSearchPath(url),
    max: BOUNDS.connections,
    connectionTimeoutMillis: BOUNDS.connect,
    query_timeout: BOUNDS.query,
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  })
  // A server that restarts breaks connections that nobody is using: without listeners the process would end.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return speaking(new PostgresDialect({ pool }))
}

/** The same URL with its schema as the option that the server knows; what is no URL the driver will refuse. */
function withSearchPath(url: string): string {
  if (!URL.canParse(url)) return url
  const address = new URL(url)
  const { searchParams } = address
  const path = searchParams.get('search_path') ?? searchParams.get('schema')
  if (!path) return url
  const option = `-c search_path=${path.replaceAll(/[\\ ]/g, '\\$&')}`
  searchParams.set('options', [...searchParams.getAll('options'), option].join(' '))
  return address.href
}
