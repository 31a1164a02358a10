import { createHash } from 'node:crypto'
import type { Conversion } from '../../src/domain/conversion.ts'
import type { FormatName } from '../../src/domain/format.ts'
import { newId } from '../../src/kit/ids.ts'
import type { Opened } from './open-gateway.ts'

/** Claims the next conversion, as a converter does. */
export async function claim({ library }: Opened): Promise<Conversion> {
  const claimed = await library.claim({ name: 'test', now: Date.now(), leaseMs: 60_000 })
  if (!claimed) throw new Error('nothing to claim')
  return claimed
}

/** Ends a claimed conversion with `content` as its result. */
export async function addResult(
  opened: Opened,
  { id, fence, ownerId, sourceId }: Conversion,
  content: string,
  format: FormatName = 'mp3',
) {
  const { library, blobs } = opened
  const fileId = newId()
  const blobKey = `${id}-1`
  const contentType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
  const writer = await blobs.result.create(blobKey, { fileId, fileName: 'talk', contentType })
  await writer.write(Buffer.from(content))
  await writer.commit()
  const result = {
    id: fileId,
    ownerId,
    kind: 'result' as const,
    name: `talk.${format}`,
    contentType,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    blobKey,
    format,
    duration: 71,
    derivedFrom: sourceId,
    createdAt: Date.now(),
    expiresAt: null,
  }
  await library.finish({ id, fence }, { kind: 'done', result, warning: null, receipt: {} }, Date.now())
  return result
}
