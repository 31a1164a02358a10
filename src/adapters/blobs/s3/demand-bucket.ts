import type { S3 } from '@aws-sdk/client-s3'
import { AppError, toAppError } from '../../../domain/errors.ts'
import { askPatiently } from '../../../kit/ask-patiently.ts'
import type { Logger } from '../../../kit/logger.ts'
import { factsOf, s3Error } from './s3-error.ts'
import type { S3Place } from './s3-place.ts'

/**
 * Resolves when the bucket is there; makes it, private, when it is missing. Waits for a server that does not answer
 * yet, up to `patience` milliseconds, and says so. CONFIG_INVALID says what mends it, else SERVICE_UNAVAILABLE.
 */
export function demandBucket(
  s3: S3,
  place: S3Place,
  settings: { readonly logger: Logger; readonly patience?: number | undefined },
): Promise<void> {
  const ask = () =>
    findOrMake(s3, place, settings.logger).catch((error: unknown) => {
      throw explained(error, place)
    })
  return askPatiently(ask, { ...settings, mayPass: (error) => toAppError(error).code !== 'CONFIG_INVALID' })
}

/** A bucket that is made is private: every server does so unless it is told otherwise. */
async function findOrMake(s3: S3, place: S3Place, logger: Logger): Promise<void> {
  const { bucket } = place
  try {
    await s3.headBucket({ Bucket: bucket })
    return
  } catch (error) {
    if (factsOf(error).status !== 404) throw error
  }
  try {
    await s3.createBucket({ Bucket: bucket })
    logger.info({ bucket }, 'bucket made')
  } catch (error) {
    const { name, status } = factsOf(error)
    if (name === 'BucketAlreadyOwnedByYou') return // another process was faster
    if (status !== 403) throw error
    const what = `has no bucket ${bucket} and does not let it be made: make it by hand, or allow s3:CreateBucket`
    throw invalid(place, what, error)
  }
}

/** What Soundlift does in a bucket. */
export const RIGHTS =
  'ListBucket, ListBucketMultipartUploads, GetObject, PutObject, DeleteObject, AbortMultipartUpload'

/** What failed, and what mends it where waiting does not. */
export function explained(cause: unknown, place: S3Place): AppError {
  if (cause instanceof AppError) return cause
  const { bucket } = place
  const { name, status, region } = factsOf(cause)
  if (region && (status === 301 || status === 400))
    return invalid(place, `has the bucket ${bucket} in another region: set ?region=${region}`, cause)
  if (name === 'BucketAlreadyExists')
    return invalid(place, `has a bucket ${bucket} of someone else: choose another name`, cause)
  if (status === 401 || status === 403)
    return invalid(
      place,
      `refuses the bucket ${bucket}: check the credentials and their rights (s3: ${RIGHTS})`,
      cause,
    )
  if (status !== undefined && status < 500 && status !== 409 && status !== 429)
    return invalid(
      place,
      `does not understand the request for the bucket ${bucket} (${status} ${name})`,
      cause,
    )
  const reason = cause instanceof Error ? cause.message || name : String(cause)
  const { code } = s3Error(cause)
  return new AppError(
    code === 'INTERNAL' ? 'SERVICE_UNAVAILABLE' : code,
    `S3 at ${serverOf(place)} does not answer: ${reason}`,
    { cause },
  )
}

function invalid(place: S3Place, what: string, cause: unknown): AppError {
  return new AppError('CONFIG_INVALID', `S3 at ${serverOf(place)} ${what}`, { cause })
}

const serverOf = ({ endpoint }: S3Place) => (endpoint === undefined ? 'AWS' : new URL(endpoint).host)
