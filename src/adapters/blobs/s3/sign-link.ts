import type { Blobs } from '../../../ports/blobs.ts'
import { connect } from './connect.ts'
import { answered } from './s3-error.ts'
import type { S3Place } from './s3-place.ts'
import type { S3Store } from './s3-store.ts'

export interface LinkSigner {
  readonly signedUrl: NonNullable<Blobs['signedUrl']>
  close(): void
}

/**
 * Signs links that people open, under the address they reach the server by. The headers of the answer are part of
 * the signature: whoever has a link can not change them.
 */
export async function openLinkSigner(place: S3Place, { bucket, names }: S3Store): Promise<LinkSigner> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3')
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const { create: contentDisposition } = await import('content-disposition')
  const s3 = await connect({ ...place, endpoint: place.publicEndpoint })
  return {
    signedUrl: (key, { seconds, fileName, contentType }) => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: names.object(key),
        ResponseContentType: contentType,
        ResponseContentDisposition: contentDisposition(fileName),
      })
      return answered(getSignedUrl(s3, command, { expiresIn: seconds }))
    },
    close: () => s3.destroy(),
  }
}
