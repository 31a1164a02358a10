import type { FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import type { StoredFile } from '../../domain/file.ts'
import { deriveKey, sign, verify } from '../../kit/signed.ts'
import type { GatewayParts } from './parts.ts'

/** Seconds a link to a file opens. */
const LIFETIME = 900

export interface FileLink {
  readonly url: string
  readonly expiresIn: number
}

/** A link that opens a file without a token, for 15 minutes: the store's own where it has such, else one of ours. */
export async function linkTo(
  file: StoredFile,
  request: FastifyRequest,
  { blobs, settings, now }: GatewayParts,
): Promise<FileLink> {
  const { blobKey, name: fileName, contentType, kind } = file
  const url = await blobs[kind].signedUrl?.(blobKey, { seconds: LIFETIME, fileName, contentType })
  if (url !== undefined) return { url, expiresIn: LIFETIME }
  const path = linkPath(file.id, settings.secret, now() + LIFETIME * 1000)
  const base = settings.publicUrl ?? `${request.protocol}://${request.host}`
  return { url: `${base.replace(/\/$/, '')}${path}`, expiresIn: LIFETIME }
}

/** The path of a link of ours to a file. `until`: milliseconds since the epoch. */
export function linkPath(fileId: string, secret: string, until: number): string {
  return `/link/${sign(linkKey(secret), { fileId }, until)}`
}

/** The file a link of ours opens; LINK_INVALID. */
export function fileIdOfLink(token: string, { settings, now }: GatewayParts): string {
  return textIn(verify(linkKey(settings.secret), token, now()), 'fileId')
}

/** Whose mails a link in a mail switches off: a user id, or an e-mail key; LINK_INVALID. */
export function personOfLink(token: string, { settings, now }: GatewayParts): string {
  return textIn(verify(deriveKey(settings.secret, 'unsubscribe'), token, now()), 'person')
}

const linkKey = (secret: string) => deriveKey(secret, 'link')

function textIn(payload: unknown, name: string): string {
  const value: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined
  if (typeof value !== 'string') throw new AppError('LINK_INVALID')
  return value
}
