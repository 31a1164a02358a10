import type { Found } from '../domain/adopted.ts'
import { toAppError } from '../domain/errors.ts'
import type { FileKind } from '../domain/file.ts'
import { unusable } from '../domain/queue-message.ts'
import { sha256Of } from '../kit/sha256.ts'
import type { Blobs } from './blobs.ts'

/** Reads a file of another program, all of it, to know that it is whole; MESSAGE_UNUSABLE when it is not, or not there. */
export async function inspectForeignFile(blobs: Blobs, kind: FileKind, id: string): Promise<Found> {
  const found = await blobs.foreignFile?.(id)
  if (!found) throw unusable(`the store of ${kind}s has no file ${id}`)
  try {
    return { id, kind, fileName: found.fileName, ...(await sha256Of(await blobs.read(id))) }
  } catch (error) {
    throw toAppError(error).code.startsWith('BLOB_') ? unusable(`file ${id} is not whole`, error) : error
  }
}
