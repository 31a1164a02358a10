import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../domain/errors.ts'
import { safeName } from '../../../domain/file.ts'
import { parseWish, WISH_FIELDS, type Wish, type WishField } from '../../../domain/wish/wish.ts'
import { createGuard, whoAsks } from '../../../http/guard.ts'
import { FILE_REFUSALS, MP3_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import type { Admission } from '../admission/admission.ts'
import { brokerOf, type GatewayParts } from '../parts.ts'
import { queryText } from '../query.ts'
import { type Kept, keepUpload } from '../upload/keep-upload.ts'
import { receiveMultipart } from '../upload/receive-multipart.ts'
import { receiveRaw } from '../upload/receive-raw.ts'
import { uploadFamily } from './told-apart.ts'

/** `POST /upload`: a form with a video to convert, or a raw file to keep. Both stream; the token is looked at first. */
export function uploadRoute(app: Server, parts: GatewayParts, admission: Admission): void {
  const admit = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isRaw(request) || queryText(request, 'convert')) await admission.toQueue(request)
    await admission.toUpload(request, reply)
  }
  const onRequest = [createGuard(parts.identity), admit]
  const refusals = (request: FastifyRequest) => (isRaw(request) ? FILE_REFUSALS : MP3_REFUSALS)
  app.post('/upload', { onRequest, config: { refusals, streams: true } }, (request, reply) =>
    isRaw(request) ? uploadRaw(request, reply, parts) : uploadForm(request, reply, parts),
  )
}

const isRaw = (request: FastifyRequest) => uploadFamily(request.headers, nameOf(request)) === 'file'

/** Of ?filename= or X-Filename. Node reads headers as Latin-1; most clients send UTF-8. */
function nameOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-filename']
  const named = typeof header === 'string' ? Buffer.from(header, 'latin1').toString() : undefined
  return queryText(request, 'filename') || named
}

async function uploadForm(request: FastifyRequest, reply: FastifyReply, parts: GatewayParts) {
  brokerOf(parts)
  wishOf(request) // what is wrong in the query is told before the body is read
  await using form = await receiveMultipart(request, parts)
  const wish = wishOf(request, form.fields)
  const name = queryText(request, 'filename')
  const file = name ? { ...form.file, fileName: safeName(name) } : form.file
  showIds(reply, await keepUpload(request, file, { wish }, parts))
  return reply.type('text/plain; charset=utf-8').send('success!')
}

async function uploadRaw(request: FastifyRequest, reply: FastifyReply, parts: GatewayParts) {
  const name = nameOf(request)
  if (!name) throw new AppError('FILE_NAME_MISSING')
  const wish = convertWish(request)
  if (wish) brokerOf(parts)
  await using received = await receiveRaw(request, whoAsks(request), name, parts)
  const kept = await keepUpload(request, received, wish && { wish }, parts)
  showIds(reply, kept)
  const { id: fileId, blobKey: s3Key } = kept.file
  return reply.code(201).send({ message: 'File uploaded', fileId, s3Key })
}

/** Fields of a form that speak of the wish; others are the client's own affair. */
const FORM_FIELDS: readonly WishField[] = ['format', 'bitrate', 'quality']

/** The wish of the query, in which everything can be asked for, and of a form's fields, which go before it. */
function wishOf(request: FastifyRequest, fields?: ReadonlyMap<string, string>): Wish {
  const given = (name: WishField) =>
    (FORM_FIELDS.includes(name) && fields?.get(name)) || queryText(request, name)
  return parseWish(Object.fromEntries(WISH_FIELDS.map((name) => [name, given(name)])))
}

/** A raw file is converted only when asked: `?convert=mp3`. */
function convertWish(request: FastifyRequest): Wish | null {
  const format = queryText(request, 'convert')
  if (!format) return null
  const asked = WISH_FIELDS.map((name) => [name, queryText(request, name)] as const)
  return parseWish({ ...Object.fromEntries(asked), format })
}

/** What the classic bodies have no room for. */
function showIds(reply: FastifyReply, { file, conversion }: Kept): void {
  reply.header('x-file-id', file.id)
  if (conversion) {
    reply.header('location', `/v1/conversions/${conversion.id}`).header('x-conversion-id', conversion.id)
  }
}
