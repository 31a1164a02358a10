import type { S3, S3ClientConfig } from '@aws-sdk/client-s3'
import { AppError } from '../../../domain/errors.ts'
import type { S3Place } from './s3-place.ts'

/** Every request is bounded, and tried again with back-off and jitter while it may end differently. */
const OPTIONS = {
  maxAttempts: 4,
  retryMode: 'standard',
  expectContinueHeader: false, // costs a new connection per part
  requestHandler: {
    connectionTimeout: 5_000,
    socketTimeout: 30_000,
    // A slow download holds its connection: with the SDK's 50 those would lock out all others.
    httpAgent: { keepAlive: true, maxSockets: 1_000 },
    httpsAgent: { keepAlive: true, maxSockets: 1_000 },
  },
} satisfies S3ClientConfig

const FALLBACK_REGION = 'us-east-1'

/** A client for a place; nothing is asked yet. CONFIG_INVALID without a region or credentials. */
export async function connect(place: Omit<S3Place, 'bucket' | 'prefix'>): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3')
  const { endpoint, region, credentials, pathStyle } = place
  const create = (given: string | undefined) =>
    new S3({
      ...OPTIONS,
      forcePathStyle: pathStyle,
      ...(endpoint && { endpoint }),
      ...(given && { region: given }),
      ...(credentials && { credentials }),
    })
  const s3 = create(region)
  await s3.config.credentials().catch((cause: unknown) => {
    throw missing('credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY', cause)
  })
  if (region) return s3
  try {
    await s3.config.region()
    return s3
  } catch (cause) {
    if (endpoint) return create(FALLBACK_REGION) // servers of one's own have no regions, but signatures do
    throw missing('region: set AWS_REGION, or ?region= in the s3: URL', cause)
  }
}

const missing = (what: string, cause: unknown) =>
  new AppError('CONFIG_INVALID', `S3 lacks ${what}`, { cause })
