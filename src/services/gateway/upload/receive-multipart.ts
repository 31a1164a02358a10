import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { contentTypeOf } from '../../../domain/content-type.ts'
import { AppError } from '../../../domain/errors.ts'
import { safeName } from '../../../domain/file.ts'
import { newId } from '../../../kit/ids.ts'
import type { GatewayParts } from '../parts.ts'
import { type Received, receiveStream } from './receive-stream.ts'
import { type Room, refuseEarly, roomFor } from './room.ts'

/** For @fastify/multipart. The size of a file is counted by us, for every kind of upload in one place. */
export const MULTIPART = {
  throwFileSizeLimit: false,
  limits: { fileSize: Number.POSITIVE_INFINITY, fields: 40, fieldSize: 4096, fieldNameSize: 100, parts: 60 },
}
/** What boundaries and fields may add to the file. */
const FRAMING = 1024 ** 2

export interface ReceivedForm extends AsyncDisposable {
  readonly file: Received
  readonly fields: ReadonlyMap<string, string>
}

/**
 * Reads a form with exactly one file, in any field: ONE_FILE_REQUIRED, FILE_TOO_LARGE, QUOTA_EXCEEDED, UPLOAD_STALLED, UPLOAD_ABORTED.
 * A field `filename` renames the file.
 */
export async function receiveMultipart(request: FastifyRequest, parts: GatewayParts): Promise<ReceivedForm> {
  if (!request.isMultipart()) throw new AppError('ONE_FILE_REQUIRED')
  const room = await roomFor(request, parts.settings.uploadLimit, parts)
  refuseEarly(request, room, FRAMING)

  await using kept = new AsyncDisposableStack()
  const fields = new Map<string, string>()
  let file: Received | undefined
  let nameless = false
  for await (const part of partsOf(request, parts.settings.stallTimeout)) {
    if (part.type === 'field') fields.set(part.fieldname, String(part.value))
    else if (file) throw new AppError('ONE_FILE_REQUIRED')
    else {
      file = kept.use(await receivePart(part, room, parts))
      nameless = !part.filename
    }
  }
  // A browser sends a file field in which nothing was chosen as an empty file without a name.
  if (!file || (nameless && file.size === 0)) throw new AppError('ONE_FILE_REQUIRED')
  const owned = kept.move()
  const name = fields.get('filename')
  if (name) file = { ...file, fileName: safeName(name) }
  return { file, fields, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function receivePart(
  part: Extract<Multipart, { type: 'file' }>,
  room: Room,
  { blobs, settings, now }: GatewayParts,
): Promise<Received> {
  const fileId = newId(now())
  const fileName = safeName(part.filename ?? '')
  const info = { fileId, fileName, contentType: contentTypeOf(part.mimetype) }
  const { stallTimeout: patience } = settings
  return receiveStream(part.file, { blobs: blobs.source, key: fileId, info, room, patience })
}

/** The parts one by one; a part that does not begin within `patience` is UPLOAD_STALLED. */
async function* partsOf(request: FastifyRequest, patience: number): AsyncGenerator<Multipart> {
  const parts = request.parts()
  for (;;) {
    const step = await nextPart(parts, patience)
    if (step.done) return
    yield step.value
  }
}

async function nextPart(
  parts: AsyncIterator<Multipart>,
  patience: number,
): Promise<IteratorResult<Multipart>> {
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('UPLOAD_STALLED')), patience)
  })
  try {
    return await Promise.race([parts.next(), stalled])
  } catch (cause) {
    throw cause instanceof AppError ? cause : malformed(cause)
  } finally {
    clearTimeout(timer)
  }
}

/** The parser says with a status what is wrong with the form; without one, the form broke off. */
function malformed(cause: unknown): AppError {
  const told = cause instanceof Error && 'statusCode' in cause && 'code' in cause
  const broken = !told || cause.code === 'FST_MP_PREMATURE_CLOSE'
  return new AppError(broken ? 'UPLOAD_ABORTED' : 'REQUEST_INVALID', undefined, { cause })
}
