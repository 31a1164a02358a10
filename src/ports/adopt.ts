import { buffer } from 'node:stream/consumers'
import { toAppError } from '../domain/errors.ts'
import type { FileKind, StoredFile } from '../domain/file.ts'
import { type Adoption, adoptedFile, type Described, describeForeign } from '../domain/foreign-file.ts'
import { unusable } from '../domain/queue-message.ts'
import { SNIFFED_BYTES } from '../domain/sniff.ts'
import { sha256Of } from '../kit/sha256.ts'
import type { Blobs } from './blobs.ts'
import type { ForeignFile } from './foreign-files.ts'

/** What a file is; its first bytes are read. */
export async function inspect(file: ForeignFile, kind: FileKind): Promise<Described> {
  return describeForeign(file, kind, await buffer(file.read(Math.min(file.size, SNIFFED_BYTES))))
}

/** The row of a foreign file in a store of ours, of which all is read; MESSAGE_UNUSABLE when it is not there, or not whole. */
export async function adopt(
  blobs: Blobs,
  id: string,
  kind: FileKind,
  adoption: Omit<Adoption, 'sha256'>,
): Promise<StoredFile> {
  const file = await blobs.foreignFile?.(id)
  if (!file) throw unusable(`the store of ${kind}s has no file ${id}`)
  try {
    const { sha256 } = await sha256Of(file.read())
    return adoptedFile(file, await inspect(file, kind), { ...adoption, sha256 })
  } catch (error) {
    throw toAppError(error).code === 'BLOB_CORRUPT' ? unusable(`file ${id} is not whole`, error) : error
  }
}
