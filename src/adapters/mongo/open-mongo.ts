import type { MongoClient, MongoClientOptions } from 'mongodb'
import { AppError } from '../../domain/errors.ts'
import { askPatiently } from '../../kit/ask-patiently.ts'
import type { Logger } from '../../kit/logger.ts'
import { isDenied } from './mongo-error.ts'

/** What every MongoDB driver is opened with. */
export interface MongoSettings {
  /** `mongodb:` or `mongodb+srv:`; options of the driver pass through, but for those below. */
  readonly url: string
  readonly logger: Logger
  /** Milliseconds to wait at open for a server that is still starting. */
  readonly patience?: number | undefined
}

/** Stands over what the URL says: without these a promise is broken. */
const OPTIONS = {
  appName: 'soundlift',
  maxPoolSize: 20,
  // Every call is bounded: a server that is away, a link that is half open, a majority that does not answer.
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  heartbeatFrequencyMS: 5_000,
  waitQueueTimeoutMS: 10_000,
  socketTimeoutMS: 30_000,
  wtimeoutMS: 10_000,
  // What is acknowledged survives a power cut and the loss of the primary.
  w: 'majority',
  journal: true,
  readPreference: 'primary',
  retryReads: true,
  retryWrites: true,
  ignoreUndefined: true,
} satisfies MongoClientOptions

/**
 * A connected client; `close()` ends it. Waits for a server that is not there yet, up to `patience` milliseconds, and
 * says so. CONFIG_INVALID for a URL, a login or a replica set that waiting does not mend, else SERVICE_UNAVAILABLE.
 */
export async function openMongo({ url, logger, patience }: MongoSettings): Promise<MongoClient> {
  await createClient(url) // fails for a URL that no waiting mends
  const ask = async () => {
    const client = await createClient(url)
    try {
      return await client.connect()
    } catch (error) {
      await client.close()
      throw await failureOf(error, serversOf(client))
    }
  }
  const mayPass = (error: unknown) => error instanceof Error && !isFinal(error.cause)
  return askPatiently(ask, { logger, patience, mayPass })
}

/** The database that the path of a URL names, else `fallback`. A URL may list several hosts, which `URL` can not read. */
export function databaseOf(url: string, fallback: string): string {
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/?]*\/([^?]*)/.exec(url) ?? []
  return decodeURIComponent(path) || fallback
}

async function createClient(url: string): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb')
  try {
    return new MongoClient(url, OPTIONS)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `The mongodb: URL can not be used: ${reason}. An example: mongodb://user:secret@host:27017/soundlift`
    throw new AppError('CONFIG_INVALID', message, { cause })
  }
}

/** Where a client connects to, without user and password. */
function serversOf(client: MongoClient): string {
  return client.options.srvHost ?? client.options.hosts.map(String).join(', ')
}

/** What the driver throws for a URL that waiting does not mend. */
const FINAL = new Set([
  'MongoCompatibilityError',
  'MongoInvalidArgumentError',
  'MongoMissingCredentialsError',
  'MongoMissingDependencyError',
  'MongoParseError',
])

function isFinal(error: unknown): boolean {
  return isDenied(error) || (error instanceof Error && FINAL.has(error.name))
}

async function failureOf(cause: unknown, servers: string): Promise<AppError> {
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (isFinal(cause)) {
    const remedy = isDenied(cause) ? '; a user of another database needs ?authSource=DATABASE' : ''
    const message = `MongoDB at ${servers} can not be used: ${reason}${remedy}`
    return new AppError('CONFIG_INVALID', message, { cause })
  }
  if (await lacksInitiation(cause)) {
    const message = `MongoDB at ${servers} was started with --replSet, but its replica set was never made: run \`mongosh --eval 'rs.initiate()'\` on it once`
    return new AppError('CONFIG_INVALID', message, { cause })
  }
  return new AppError('SERVICE_UNAVAILABLE', `MongoDB at ${servers} does not answer: ${reason}`, { cause })
}

/** True when a server that was found belongs to a replica set that has no members yet. */
async function lacksInitiation(error: unknown): Promise<boolean> {
  const { MongoServerSelectionError } = await import('mongodb')
  if (!(error instanceof MongoServerSelectionError)) return false
  return [...(error.reason?.servers.values() ?? [])].some((server) => server.type === 'RSGhost')
}
