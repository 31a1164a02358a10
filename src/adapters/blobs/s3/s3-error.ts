import { AppError, type ErrorCode } from '../../../domain/errors.ts'

const MISSING = new Set(['NoSuchKey', 'NotFound'])
const FULL = new Set([
  'QuotaExceeded',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'InsufficientStorage',
])
/** Wrong keys, missing rights, throttling, a bucket that is gone: the operator or time mends it. */
const PASSING = new Set([401, 403, 408, 429])

/** A failure of S3 as one that may cross a room; its own is the cause. An AppError stays what it is. */
export function s3Error(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError(codeFor(cause), undefined, { cause })
}

/** What `work` resolves with; its failure as one that may cross a room. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw s3Error(error)
  }
}

/** What the SDK tells of a failure; `status` is undefined when there was no answer. */
export function factsOf(error: unknown): {
  name: string
  status: number | undefined
  region: string | undefined
} {
  const status = field(field(error, '$metadata'), 'httpStatusCode')
  const region = field(field(field(error, '$response'), 'headers'), 'x-amz-bucket-region')
  return {
    name: error instanceof Error ? error.name : '',
    status: typeof status === 'number' ? status : undefined,
    region: typeof region === 'string' ? region : undefined,
  }
}

function codeFor(cause: unknown): ErrorCode {
  const { name, status } = factsOf(cause)
  if (MISSING.has(name)) return 'BLOB_NOT_FOUND'
  if (FULL.has(name) || status === 507) return 'STORAGE_FULL'
  if (name === 'NoSuchBucket' || (status !== undefined && (status >= 500 || PASSING.has(status))))
    return 'SERVICE_UNAVAILABLE'
  return status === undefined && isAboutTheNetwork(cause) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL'
}

/** System errors such as ECONNRESET, errors of certificates, the SDK's own time-outs, and missing credentials. */
function isAboutTheNetwork(error: unknown): boolean {
  const code = field(error, 'code')
  const name = field(error, 'name')
  const known = typeof code === 'string' && (!code.startsWith('ERR_') || code.startsWith('ERR_TLS'))
  return known || name === 'TimeoutError' || name === 'CredentialsProviderError'
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
