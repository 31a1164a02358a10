import { AppError, type ErrorCode } from '../../../domain/errors.ts'
import type { FileKind, StoredFile } from '../../../domain/file.ts'
import { adoptedFile } from '../../../domain/foreign-file.ts'
import type { Fate, Imported } from '../../../domain/imported.ts'
import { inspect } from '../../../ports/adopt.ts'
import type { Blobs } from '../../../ports/blobs.ts'
import type { ForeignFile } from '../../../ports/foreign-files.ts'
import type { Library } from '../../../ports/library.ts'
import { takeOver } from './take-over.ts'

export interface ImportFilesParts {
  readonly library: Library
  readonly blobs: Readonly<Record<FileKind, Blobs>>
  /** The user id of a file's owner, null when none is named; USER_NOT_FOUND when there is no such account. */
  readonly ownerOf: (fileId: string) => Promise<string | null>
  /** Milliseconds files of a kind are kept from now on; absent: for ever. */
  readonly retention: Readonly<Partial<Record<FileKind, number | undefined>>>
  /** Hears of every file that is refused. */
  readonly note: (id: string, what: string) => void
}

/** What is wrong with one file stops that one; what is wrong with a store stops all. */
const ITS_OWN: readonly ErrorCode[] = ['BLOB_CORRUPT', 'BLOB_NOT_FOUND', 'USER_NOT_FOUND']

/**
 * Makes a row for every foreign file that has none, under its own id, so that it can be downloaded; without an owner
 * only an administrator reaches it. Bytes that do not lie in our store yet are copied there. May be run again.
 */
export async function importFiles(
  files: AsyncIterable<ForeignFile>,
  kind: FileKind,
  parts: ImportFilesParts,
): Promise<Imported> {
  const counts = { imported: 0, there: 0, refused: 0 }
  for await (const file of files) counts[await bring(file, kind, parts)] += 1
  return counts
}

async function bring(file: ForeignFile, kind: FileKind, parts: ImportFilesParts): Promise<Fate> {
  if (await parts.library.file(file.id)) return 'there'
  try {
    return await addRow(await rowFor(file, kind, parts), parts)
  } catch (error) {
    if (!(error instanceof AppError && ITS_OWN.includes(error.code))) throw error
    parts.note(file.id, error.message)
    return 'refused'
  }
}

async function rowFor(
  file: ForeignFile,
  kind: FileKind,
  { blobs, ownerOf, retention }: ImportFilesParts,
): Promise<StoredFile> {
  const ownerId = await ownerOf(file.id)
  const described = await inspect(file, kind)
  const sha256 = await takeOver(file, described, blobs[kind])
  return adoptedFile(file, described, {
    ownerId,
    derivedFrom: null,
    sha256,
    now: Date.now(),
    retention: retention[kind],
  })
}

/** A running server may have taken the file over meanwhile. */
async function addRow(row: StoredFile, { library }: ImportFilesParts): Promise<Fate> {
  try {
    await library.addFile(row)
    return 'imported'
  } catch (error) {
    if (await library.file(row.id)) return 'there'
    throw error
  }
}
