import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import type { StoredFile } from '../../domain/file.ts'
import { checked } from '../../kit/sha256.ts'
import type { GatewayParts } from './parts.ts'
import { parseRange, type Range } from './range.ts'

/**
 * Sends the bytes of a file: whole (200; broken off before its end when the store has others), a range (206), nothing when the client has them (304). RANGE_INVALID (416),
 * BLOB_NOT_FOUND. `disposition` is the Content-Disposition header.
 */
export async function serveFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile,
  disposition: string,
  { blobs, settings }: Pick<GatewayParts, 'blobs' | 'settings'>,
): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).header('etag', etag).send()

  const range = rangeOf(request, etag, file.size)
  if (range.kind === 'outside') {
    reply.header('content-range', `bytes */${file.size}`)
    throw new AppError('RANGE_INVALID')
  }
  const body = await bodyOf(request, file, range, blobs[file.kind])
  // Who takes nothing for so long keeps buffers and a descriptor from others; a player that paused asks for the rest.
  reply.raw.setTimeout(settings.stallTimeout, () => reply.raw.destroy())
  if (range.kind === 'part') {
    const { offset, length } = range
    reply.code(206).header('content-range', `bytes ${offset}-${offset + length - 1}/${file.size}`)
  }
  return reply
    .type(file.contentType)
    .header('content-length', range.kind === 'part' ? range.length : file.size)
    .header('content-disposition', disposition)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'private, no-cache')
    .header('etag', etag)
    .send(body)
}

/** A range is a matter of GET alone, and only while the file is the one the client began with (RFC 9110, 13.1.5). */
function rangeOf({ method, headers }: FastifyRequest, etag: string, size: number): Range {
  const same = headers['if-range'] === undefined || headers['if-range'] === etag
  return parseRange(method === 'GET' && same ? headers.range : undefined, size)
}

async function bodyOf(
  { method }: FastifyRequest,
  { blobKey, sha256 }: StoredFile,
  range: Range,
  blobs: GatewayParts['blobs']['source'],
): Promise<Readable> {
  // Fastify keeps our Content-Length on HEAD only when it is given a stream to throw away.
  if (method === 'HEAD') return Readable.from([])
  if (range.kind === 'part') return blobs.read(blobKey, range)
  const whole = await blobs.read(blobKey)
  return Readable.from(
    checked(whole, sha256, () => new AppError('BLOB_CORRUPT')),
    { objectMode: false },
  )
}

/** If-None-Match (RFC 9110, 13.1.2), compared weakly. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
