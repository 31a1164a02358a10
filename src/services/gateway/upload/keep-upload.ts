import type { FastifyRequest } from 'fastify'
import type { Conversion } from '../../../domain/conversion.ts'
import type { StoredFile } from '../../../domain/file.ts'
import type { Wish } from '../../../domain/wish/wish.ts'
import { whoAsks } from '../../../http/guard.ts'
import { newId } from '../../../kit/ids.ts'
import type { NewConversion } from '../../../ports/library.ts'
import type { GatewayParts } from '../parts.ts'
import { wakeConverter } from '../wake-converter.ts'
import type { Received } from './receive-stream.ts'

/** What is asked of a file. */
export interface Wanted {
  readonly wish: Wish
  /** A URL that is told what happens. */
  readonly webhook?: string | undefined
}

export interface Kept {
  readonly file: StoredFile
  readonly conversion: Conversion | null
}

/**
 * Makes a received upload a file: the blob first, then its rows in one transaction, then the wake-up call. When the
 * library fails the blob goes too, so that there is neither a file without bytes nor bytes without a file.
 */
export async function keepUpload(
  request: FastifyRequest,
  received: Received,
  wanted: Wanted | null,
  parts: GatewayParts,
): Promise<Kept> {
  const file = fileOf(request, received, parts)
  await received.commit()
  const conversion = await addRows(
    file,
    wanted && conversionOf(request, file.id, wanted, file.createdAt),
    request,
    parts,
  )
  if (conversion) wakeConverter(request, conversion, parts)
  return { file, conversion }
}

async function addRows(
  file: StoredFile,
  conversion: NewConversion | null,
  request: FastifyRequest,
  { library, blobs, settings }: GatewayParts,
): Promise<Conversion | null> {
  try {
    return await library.addFile(file, conversion ?? undefined, settings.quota)
  } catch (error) {
    // A connection may break after the commit and before its answer: then the rows are there. Where nobody can tell,
    // the blob is left to the sweep.
    const stored = await library.file(file.id).catch(() => undefined)
    if (stored === undefined) throw error
    if (stored) return conversion && (await library.conversion(conversion.id))
    await blobs.source.remove(file.blobKey).catch((err: unknown) => {
      request.log.warn({ err, fileId: file.id }, 'the blob of a failed upload stays until the sweep')
    })
    throw error
  }
}

function fileOf(request: FastifyRequest, received: Received, { settings, now }: GatewayParts): StoredFile {
  const { fileId: id, fileName, contentType, size, sha256, blobKey } = received
  const createdAt = now()
  return {
    id,
    ownerId: whoAsks(request).userId,
    kind: 'source',
    name: fileName,
    contentType,
    size,
    sha256,
    blobKey,
    format: null,
    duration: null,
    derivedFrom: null,
    createdAt,
    expiresAt: settings.retention === undefined ? null : createdAt + settings.retention,
  }
}

/** A new conversion of a source; it belongs to who asks. `now`: milliseconds since the epoch. */
export function conversionOf(
  request: FastifyRequest,
  sourceId: string,
  { wish, webhook }: Wanted,
  now: number,
): NewConversion {
  const { userId: ownerId, email: ownerEmail } = whoAsks(request)
  const told = webhook === undefined ? {} : { webhook }
  const traceparent = request.span?.traceparent
  const traced = traceparent ? { traceparent } : {}
  const asked = { ownerId, ownerEmail, requestId: request.id, ...traced, ...told }
  return { id: newId(now), ...asked, sourceId, wish, createdAt: now }
}
