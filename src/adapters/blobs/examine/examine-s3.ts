import type { S3 } from '@aws-sdk/client-s3'
import { silentLogger } from '../../../kit/logger.ts'
import type { Examination, Examine } from '../../../ports/examination.ts'
import { connect } from '../s3/connect.ts'
import { explained, RIGHTS } from '../s3/demand-bucket.ts'
import { factsOf } from '../s3/s3-error.ts'
import { parseS3Url, type S3Place } from '../s3/s3-place.ts'
import { openS3 } from '../s3.ts'
import { tryBlob } from './try-blob.ts'

/** Date headers tell whole seconds. */
const EXACT = 1_000

/** Blobs in S3. A bucket that is missing is not made here. */
export const examineS3: Examine<{ readonly url: string; readonly kind: string }> = async (
  settings,
  found,
) => {
  const place = parseS3Url(settings.url)
  if (!(await findBucket(place, found))) return
  const blobs = await openS3({ ...settings, logger: silentLogger(), patience: 0 })
  await tryBlob(blobs, found)
    .catch((error: unknown) => explainRefusal(error, place, found))
    .finally(() => blobs.close())
}

async function findBucket(place: S3Place, found: Examination): Promise<boolean> {
  const { bucket } = place
  const s3 = await connect(place)
  const dated = dateOf(s3)
  try {
    await found.ask(() => s3.headBucket({ Bucket: bucket }), dated, EXACT)
    found.fact(`S3, bucket ${bucket}`)
    return true
  } catch (error) {
    if (factsOf(error).status !== 404) throw explained(error, place)
    const mend = `Make it by hand (\`aws s3 mb s3://${bucket}\`), or let the start make it: s3:CreateBucket.`
    found.warn(`there is no bucket ${bucket} yet`, mend)
    return false
  } finally {
    s3.destroy()
  }
}

/** Reads the Date header of the newest answer, milliseconds. */
function dateOf(s3: S3): () => number | null {
  let date: unknown
  s3.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args)
      const headers: unknown = field(output.response, 'headers')
      date = field(headers, 'date')
      return output
    },
    { step: 'deserialize' },
  )
  return () => (typeof date === 'string' ? Date.parse(date) : null)
}

function explainRefusal(error: unknown, { bucket }: S3Place, found: Examination): void {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const { status, name } = factsOf(cause)
  if (status !== 403) throw error
  const what = `the bucket ${bucket} can be seen, but not written or read (${name})`
  found.fail(what, `Give the key of ${found.variable} these rights (s3:): ${RIGHTS}.`)
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
