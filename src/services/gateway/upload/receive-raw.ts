import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { contentTypeOf } from '../../../domain/content-type.ts'
import { AppError } from '../../../domain/errors.ts'
import { safeName } from '../../../domain/file.ts'
import type { Principal } from '../../../domain/user.ts'
import { newId } from '../../../kit/ids.ts'
import type { GatewayParts } from '../parts.ts'
import { type Received, receiveStream } from './receive-stream.ts'
import { refuseEarly, roomFor } from './room.ts'

/** Reads a file that is the whole body: FILE_BODY_MISSING, FILE_TOO_LARGE, QUOTA_EXCEEDED, UPLOAD_STALLED, UPLOAD_ABORTED. */
export async function receiveRaw(
  request: FastifyRequest,
  principal: Principal,
  name: string,
  parts: GatewayParts,
): Promise<Received> {
  const { blobs, now } = parts
  const { rawUploadLimit, stallTimeout: patience } = parts.settings
  const room = await roomFor(request, rawUploadLimit, parts)
  refuseEarly(request, room)
  const fileName = safeName(name)
  const info = { fileId: newId(now()), fileName, contentType: contentTypeOf(request.headers['content-type']) }
  const key = keyFor(principal, fileName, now())
  const received = await receiveStream(request.raw, { blobs: blobs.source, key, info, room, patience })
  if (received.size > 0) return received
  await received[Symbol.asyncDispose]()
  throw new AppError('FILE_BODY_MISSING')
}

/** `<userId>/<ms>-<12 hex>-<basename, spaces to _>`: part of the contract, clients see it as s3Key. */
function keyFor({ userId }: Principal, fileName: string, now: number): string {
  return `${userId ?? 'none'}/${now}-${randomBytes(6).toString('hex')}-${fileName.replace(/\s/g, '_')}`
}
