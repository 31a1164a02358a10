import { type FileKind, type StoredFile, safeName } from './file.ts'
import { formatOf } from './format.ts'

/** What is found out about a file that another program put into a store of ours. */
export interface Found {
  readonly id: string
  readonly kind: FileKind
  /** null: it was given none. */
  readonly fileName: string | null
  /** Bytes. */
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
}

export interface Adoption {
  /** User id; null where nobody with an account is known to own it: then only an administrator reaches it. */
  readonly ownerId: string | null
  /** For a result: the source it was made from, where that is known. */
  readonly derivedFrom: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Milliseconds a file is kept; null: for ever. */
  readonly retention: number | null
}

/** The row of such a file. Its bytes stay where they are, under its own id; other programs make MP3s alone. */
export function adoptedFile(found: Found, { ownerId, derivedFrom, now, retention }: Adoption): StoredFile {
  const { id, kind, fileName, size, sha256 } = found
  const mp3 = formatOf('mp3')
  const isResult = kind === 'result'
  return {
    id,
    ownerId,
    kind,
    name: safeName(fileName ?? (isResult ? `${id}.${mp3.extension}` : id)),
    contentType: isResult ? mp3.contentType : 'application/octet-stream',
    size,
    sha256,
    blobKey: id,
    format: isResult ? 'mp3' : null,
    duration: null,
    derivedFrom,
    createdAt: now,
    expiresAt: retention === null ? null : now + retention,
  }
}
