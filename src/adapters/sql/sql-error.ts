import { AppError, type ErrorCode } from '../../domain/errors.ts'

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that are not our own mistake. */
const BY_RESULT_CODE: Readonly<Record<number, ErrorCode>> = {
  5: 'SERVICE_UNAVAILABLE', // SQLITE_BUSY
  6: 'SERVICE_UNAVAILABLE', // SQLITE_LOCKED
  8: 'SERVICE_UNAVAILABLE', // SQLITE_READONLY
  10: 'SERVICE_UNAVAILABLE', // SQLITE_IOERR
  13: 'STORAGE_FULL', // SQLITE_FULL
  14: 'SERVICE_UNAVAILABLE', // SQLITE_CANTOPEN
}
const BUSY = 5
/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY; PostgreSQL's unique_violation; MySQL's. */
const UNIQUE: readonly unknown[] = [2067, 1555, '23505', 'ER_DUP_ENTRY']

/** PostgreSQL's codes (appendix A of its manual), MySQL's, and those of the sockets between. */
const AWAY =
  /^(08...|57P0[1-3]|57014|53300|40001|40P01|55P03|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|PROTOCOL_\w+|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT|ER_CONNECTION_KILLED|ER_QUERY_INTERRUPTED)$/
const FULL = /^(53100|ER_DISK_FULL|ER_RECORD_FILE_FULL)$/
/** pg gives no code with these. */
const AWAY_SAYS =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|closed state|not queryable/i
/** Seconds until it makes sense to ask again. */
const ASK_AGAIN = 5

/** A failure of the database as one that may cross a room; the database's own is the cause. */
export function sqlError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const kind = kindOf(cause)
  return new AppError(
    kind,
    undefined,
    kind === 'SERVICE_UNAVAILABLE' ? { cause, retryAfter: ASK_AGAIN } : { cause },
  )
}

function kindOf(cause: unknown): ErrorCode {
  const code = codeOf(cause)
  if (typeof code === 'number') return BY_RESULT_CODE[code & 0xff] ?? 'INTERNAL'
  if (FULL.test(code)) return 'STORAGE_FULL'
  const says = cause instanceof Error ? cause.message : ''
  return AWAY.test(code) || AWAY_SAYS.test(says) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL'
}

/** What the database itself said, for the operator who opens it: the innermost message. */
export function databaseSays(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return databaseSays(error.cause)
  return error.message || String(codeOf(error))
}

/** True when a statement failed because a row with the same key exists. Every dialect is told apart here. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof AppError && UNIQUE.includes(codeOf(error.cause))
}

/** What MySQL says to a second `create table`, `create index` or `add column`. */
const THERE_ALREADY: readonly unknown[] = ['ER_TABLE_EXISTS_ERROR', 'ER_DUP_KEYNAME', 'ER_DUP_FIELDNAME']

/** True when MySQL has a table, an index or a column already. */
export function isThereAlready(error: unknown): boolean {
  return error instanceof AppError && THERE_ALREADY.includes(codeOf(error.cause))
}

/** PostgreSQL's insufficient_privilege; what MySQL says of a database, a table, a column, a deed. */
const DENIED = /^(42501|ER_(DB|TABLE|COLUMN|SPECIFIC_)ACCESS_DENIED_ERROR)$/

/** True when the server knows us and does not allow the deed. */
export function isDenied(error: unknown): boolean {
  return error instanceof AppError && DENIED.test(String(codeOf(error.cause)))
}

/** PostgreSQL's invalid_password and invalid_authorization_specification, MySQL's. */
const LOGIN = /^(28P01|28000|ER_ACCESS_DENIED_ERROR)$/
/** PostgreSQL's invalid_catalog_name, MySQL's. */
const NO_DATABASE = /^(3D000|ER_BAD_DB_ERROR)$/

/** Why a server does not let us in; null where it is none of these. */
export function refusalOf(error: unknown): 'login' | 'no database' | 'denied' | null {
  if (isDenied(error)) return 'denied'
  const code = error instanceof AppError ? String(codeOf(error.cause)) : ''
  if (LOGIN.test(code)) return 'login'
  return NO_DATABASE.test(code) ? 'no database' : null
}

/** PostgreSQL's serialization_failure and deadlock_detected, MySQL's deadlock. */
const CONFLICT: readonly unknown[] = ['40001', '40P01', 'ER_LOCK_DEADLOCK']

/** A transaction that found what another has written since: repeated, it will see it. */
export class Conflict extends AppError {
  constructor(cause: unknown) {
    super('SERVICE_UNAVAILABLE', undefined, { cause, retryAfter: ASK_AGAIN })
  }
}

/** True when a transaction was rolled back in favour of another: it may be repeated. */
export function isConflict(error: unknown): boolean {
  return error instanceof Conflict || (error instanceof AppError && CONFLICT.includes(codeOf(error.cause)))
}

/** True when another process or connection holds SQLite's lock: the statement was not run and may be repeated. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return typeof code === 'number' && (code & 0xff) === BUSY
}

/** The extended result code of node:sqlite, a number, or the code of a server's or socket's error. */
function codeOf(error: unknown): number | string {
  if (!(error instanceof Error)) return ''
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
