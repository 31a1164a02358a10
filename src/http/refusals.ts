import { type AppError, type ErrorCode, errorKind } from '../domain/errors.ts'

/** How a classic route words its refusals. Codes without a row keep the status of the error table and their own message. */
export interface Refusals {
  readonly form: 'text' | 'json'
  readonly rows: Readonly<Partial<Record<ErrorCode, Refusal>>>
}

/** Status and body of a refusal; without `text` the message of the error is the body. */
interface Refusal {
  readonly status: number
  readonly text?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: problem+json. A function where one address serves two families of clients. */
    refusals?: Refusals | ((request: FastifyRequest) => Refusals)
  }
}

/** All that a classic client can do about is to come back later. */
const laterRows = (text: string) => {
  const later = { status: 503, text }
  return {
    SERVICE_UNAVAILABLE: later,
    STORAGE_FULL: later,
    OVERLOADED: later,
    UPLOADS_BUSY: later,
    TOO_MANY_UPLOADS: later,
    QUEUE_FULL: later,
    TOO_MANY_QUEUED: later,
  }
}
const NO_FILE = { status: 404, text: 'file not found' }

/** The MP3 family: plain text. */
export const MP3_REFUSALS: Refusals = {
  form: 'text',
  rows: {
    CREDENTIALS_MISSING: { status: 401, text: 'missing credentials' },
    CREDENTIALS_INVALID: { status: 401, text: 'invalid credentials' },
    TOO_MANY_ATTEMPTS: { status: 429, text: 'too many attempts' },
    TOKEN_MISSING: { status: 401, text: 'missing credentials' },
    AUTHORIZATION_MALFORMED: { status: 401, text: 'missing credentials' },
    TOKEN_INVALID: { status: 403, text: 'not authorized' },
    TOKEN_EXPIRED: { status: 403, text: 'not authorized' },
    ONE_FILE_REQUIRED: { status: 400, text: 'exactly 1 file required' },
    FILE_TOO_LARGE: { status: 413, text: 'file too large' },
    FILE_ID_MISSING: { status: 400, text: 'fid is required' },
    FILE_ID_MALFORMED: { status: 400, text: 'fid is malformed' },
    FILE_NOT_FOUND: NO_FILE,
    CONVERSION_NOT_FOUND: NO_FILE,
    BLOB_NOT_FOUND: NO_FILE,
    FILE_EXPIRED: { status: 410, text: 'file expired' },
    CONVERSION_NOT_READY: { status: 409, text: 'not ready' },
    ...laterRows('service unavailable'),
    CONVERSIONS_OFF: { status: 503, text: 'service unavailable' },
    INTERNAL: { status: 500, text: 'internal server error' },
  },
}

const JSON_ROWS: Refusals['rows'] = {
  CREDENTIALS_MISSING: { status: 400, text: 'Email and password are required' },
  CREDENTIALS_INVALID: { status: 401, text: 'Invalid Credentials' },
  TOO_MANY_ATTEMPTS: { status: 429, text: 'Too many attempts' },
  EMAIL_TAKEN: { status: 409, text: 'Email already registered' },
  ...laterRows('Service unavailable'),
  CONVERSIONS_OFF: { status: 503 },
  INTERNAL: { status: 500, text: 'Internal server error' },
}

/** /register, /login and /me of the file family: `{"error": …}`. */
export const ACCOUNT_REFUSALS: Refusals = {
  form: 'json',
  rows: {
    ...JSON_ROWS,
    TOKEN_MISSING: { status: 401, text: 'Missing Authorization header' },
    AUTHORIZATION_MALFORMED: { status: 401, text: 'Invalid Authorization format' },
    TOKEN_EXPIRED: { status: 401, text: 'Token has expired. Please log in again.' },
    TOKEN_INVALID: { status: 401, text: 'Invalid authentication token' },
  },
}

const NO_AUTHORIZATION = { status: 401, text: 'Missing or invalid Authorization header' }
const BAD_TOKEN = { status: 401, text: 'Invalid or expired token' }

/** The raw /upload and /file/:id of the file family: `{"error": …}`. */
export const FILE_REFUSALS: Refusals = {
  form: 'json',
  rows: {
    ...JSON_ROWS,
    TOKEN_MISSING: NO_AUTHORIZATION,
    AUTHORIZATION_MALFORMED: NO_AUTHORIZATION,
    TOKEN_EXPIRED: BAD_TOKEN,
    TOKEN_INVALID: BAD_TOKEN,
    FILE_NAME_MISSING: { status: 400, text: 'Missing filename. Use ?filename= or X-Filename.' },
    FILE_BODY_MISSING: { status: 400, text: 'No file body found. Send raw binary.' },
    FILE_NOT_FOUND: { status: 404, text: 'File not found' },
    FORBIDDEN: { status: 403, text: 'Forbidden: you do not own this file' },
  },
}

/** Pages for people: the sentence itself. */
export const PAGE_REFUSALS: Refusals = { form: 'text', rows: {} }

/** Status and sentence of an error on a route with these refusals. */
export function refusalOf(error: AppError, refusals: Refusals | undefined): { status: number; text: string } {
  const row = refusals?.rows[error.code]
  return { status: row?.status ?? errorKind(error.code).status, text: row?.text ?? error.message }
}
