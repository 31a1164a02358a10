import { AppError, type ErrorCode } from '../../domain/errors.ts'

/** The driver's own errors that say: the server is not to be reached, or not in time. */
const AWAY = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoOperationTimeoutError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoServerClosedError',
  'MongoServerSelectionError',
  'MongoStalePrimaryError',
  'MongoTopologyClosedError',
  'MongoWaitQueueTimeoutError',
  'PoolClearedOnNetworkError',
])

/** What the server puts on an error that is gone when the same is tried again. */
const PASSING = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult']

/** The server's codes (https://www.mongodb.com/docs/manual/reference/error-codes/) that are not our own mistake. */
const BY_CODE: Readonly<Record<number, ErrorCode>> = {
  6: 'SERVICE_UNAVAILABLE', // HostUnreachable
  7: 'SERVICE_UNAVAILABLE', // HostNotFound
  50: 'SERVICE_UNAVAILABLE', // MaxTimeMSExpired
  64: 'SERVICE_UNAVAILABLE', // WriteConcernTimeout: a majority did not answer in time
  89: 'SERVICE_UNAVAILABLE', // NetworkTimeout
  91: 'SERVICE_UNAVAILABLE', // ShutdownInProgress
  100: 'SERVICE_UNAVAILABLE', // UnsatisfiableWriteConcern
  112: 'SERVICE_UNAVAILABLE', // WriteConflict
  133: 'SERVICE_UNAVAILABLE', // FailedToSatisfyReadPreference
  189: 'SERVICE_UNAVAILABLE', // PrimarySteppedDown
  262: 'SERVICE_UNAVAILABLE', // ExceededTimeLimit
  9001: 'SERVICE_UNAVAILABLE', // SocketException
  10107: 'SERVICE_UNAVAILABLE', // NotWritablePrimary
  11600: 'SERVICE_UNAVAILABLE', // InterruptedAtShutdown
  11602: 'SERVICE_UNAVAILABLE', // InterruptedDueToReplStateChange
  13435: 'SERVICE_UNAVAILABLE', // NotPrimaryNoSecondaryOk
  13436: 'SERVICE_UNAVAILABLE', // NotPrimaryOrSecondary
  14031: 'STORAGE_FULL', // OutOfDiskSpace
}

const DUPLICATE_KEY = 11000
const NO_SUCH_COLLECTION = 26
/** Unauthorized, AuthenticationFailed. */
const DENIED: readonly unknown[] = [13, 18]

/** A failure of MongoDB as one that may cross a room; its own is the cause. An AppError stays what it is. */
export function mongoError(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError(codeFor(cause), undefined, { cause })
}

function codeFor(cause: unknown): ErrorCode {
  if (!(cause instanceof Error)) return 'INTERNAL'
  const labels = field(cause, 'errorLabels')
  if (AWAY.has(cause.name) || (Array.isArray(labels) && PASSING.some((label) => labels.includes(label)))) {
    return 'SERVICE_UNAVAILABLE'
  }
  const code = field(cause, 'code')
  // A bulk write wraps what kept the server from answering, and drops its name; what the server refuses has a code.
  if (code === undefined && cause.name === 'MongoBulkWriteError') return 'SERVICE_UNAVAILABLE'
  return (typeof code === 'number' && BY_CODE[code]) || 'INTERNAL'
}

/** What `work` resolves with; its failure as one that may cross a room. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw mongoError(error)
  }
}

/** The field of the unique index that refused a document; undefined for every other failure. */
export function duplicateField(error: unknown): string | undefined {
  const pattern = field(error, 'keyPattern')
  if (field(error, 'code') !== DUPLICATE_KEY || typeof pattern !== 'object' || pattern === null)
    return undefined
  return Object.keys(pattern)[0]
}

/** True when a collection was asked about that nobody has written to yet. */
export function isNoSuchCollection(error: unknown): boolean {
  return field(error, 'code') === NO_SUCH_COLLECTION
}

/** True when the server does not know the user or the password, or does not allow the deed. */
export function isDenied(error: unknown): boolean {
  return DENIED.includes(field(error, 'code'))
}

function field(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined
}
