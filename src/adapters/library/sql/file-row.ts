import type { Kysely } from 'kysely'
import type { StoredFile } from '../../../domain/file.ts'
import type { Quota } from '../../../domain/usage.ts'
import type { LibraryTables } from './tables.ts'
import { countIn } from './usage.ts'

const FILE = [
  'id',
  'owner_id as ownerId',
  'kind',
  'name',
  'content_type as contentType',
  'size',
  'sha256',
  'blob_key as blobKey',
  'format',
  'duration',
  'derived_from as derivedFrom',
  'created_at as createdAt',
  'expires_at as expiresAt',
] as const

/** A query for stored files. */
export function selectFiles(db: Kysely<LibraryTables>) {
  return db.selectFrom('soundlift_files').select(FILE)
}

/** Writes a file and counts it: QUOTA_EXCEEDED when it does not fit. */
export async function insertFile(trx: Kysely<LibraryTables>, file: StoredFile, quota?: Quota): Promise<void> {
  await countIn(trx, file, quota)
  const row = {
    id: file.id,
    owner_id: file.ownerId,
    kind: file.kind,
    name: file.name,
    content_type: file.contentType,
    size: file.size,
    sha256: file.sha256,
    blob_key: file.blobKey,
    format: file.format,
    duration: file.duration,
    derived_from: file.derivedFrom,
    created_at: file.createdAt,
    expires_at: file.expiresAt,
  }
  await trx.insertInto('soundlift_files').values(row).execute()
}
