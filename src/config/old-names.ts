/** The value of a variable that has not been renamed, or of the file NAME_FILE names. */
type Read = (name: string) => string | undefined

/** What the originals' names say about a variable of ours; `from` is the name a mistake is told under. */
export interface OldValue {
  readonly from: string
  readonly value: string
}

/** Where the originals' code expected RabbitMQ; they had no variable for it. */
const THEIR_BROKER = 'amqp://guest:guest@rabbitmq:5672'

/**
 * Our variables, as far as the originals' names say them: settings written for these work as they stand. `alone`: a
 * service in a process of its own, as theirs were.
 */
export function readOldNames(read: Read, alone: boolean): ReadonlyMap<string, OldValue> {
  const [videos, mongo, auth] = [read('MONGODB_VIDEOS_URI'), read('MONGO_URI'), read('AUTH_SVC_ADDRESS')]
  const bucket = read('AWS_BUCKET_NAME')
  const broker = alone ? THEIR_BROKER : undefined
  // Of two rows about one variable the first that is set counts.
  const rows: readonly (readonly [name: string, from: string, value: string | undefined])[] = [
    ['USERS_URL', 'MYSQL_HOST', mysqlUrl(read)],
    ['USERS_URL', 'DATABASE_HOST', postgresUrl(read)],
    ['USERS_URL', 'MONGO_URI', mongo],
    ['LIBRARY_URL', 'MONGO_URI', mongo],
    ['LIBRARY_URL', 'MONGODB_VIDEOS_URI', videos],
    ['VIDEOS_URL', 'MONGODB_VIDEOS_URI', videos],
    ['MP3S_URL', 'MONGODB_MP3S_URI', read('MONGODB_MP3S_URI')],
    ['BLOBS_URL', 'AWS_BUCKET_NAME', bucket && `s3://${bucket}`],
    ['AUTH_URL', 'AUTH_SVC_ADDRESS', auth && `http://${auth}`],
    ['BROKER_URL', 'AUTH_SVC_ADDRESS', auth && broker],
    ['BROKER_URL', 'MONGODB_VIDEOS_URI', videos && broker],
  ]
  const values = new Map<string, OldValue>()
  for (const [name, from, value] of rows) {
    if (value && !values.has(name)) values.set(name, { from, value })
  }
  return values
}

function mysqlUrl(read: Read): string | undefined {
  const [user, password] = [read('MYSQL_USER'), read('MYSQL_PASSWORD')]
  const host = withPort(read('MYSQL_HOST'), read('MYSQL_PORT'))
  return host && `mysql://${login(user, password)}${host}/${read('MYSQL_DB') ?? ''}`
}

function postgresUrl(read: Read): string | undefined {
  const [user, password] = [read('DATABASE_USER'), read('DATABASE_PASSWORD') ?? read('PSQL_PASSWORD')]
  const host = read('DATABASE_HOST')
  return host && `postgres://${login(user, password)}${host}/${read('DATABASE_NAME') ?? ''}`
}

const withPort = (host: string | undefined, port: string | undefined) =>
  host && (port ? `${host}:${port}` : host)

function login(user: string | undefined, password: string | undefined): string {
  if (!user) return ''
  return `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@`
}
