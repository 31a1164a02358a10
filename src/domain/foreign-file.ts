import { ANY_TYPE, contentTypeOf } from './content-type.ts'
import { type FileKind, type StoredFile, safeName } from './file.ts'
import { DEFAULT_FORMAT, FORMATS, type FormatName, formatOf } from './format.ts'
import { sniff } from './sniff.ts'

/** What the store of another program says of a file. */
export interface ForeignFacts {
  /** 24 hex digits. */
  readonly id: string
  readonly name: string | null
  readonly contentType: string | null
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** What a row says of what a file is. */
export type Described = Pick<StoredFile, 'kind' | 'name' | 'contentType' | 'format'>

/** Kind, name, type and format of a foreign file, by what its store says of it, else by its first SNIFFED_BYTES bytes. */
export function describeForeign(file: ForeignFacts, kind: FileKind, head: Uint8Array): Described {
  const sniffed = sniff(head)
  if (kind === 'source') {
    const told = contentTypeOf(file.contentType ?? undefined)
    const contentType = told === ANY_TYPE ? (sniffed?.contentType ?? ANY_TYPE) : told
    return { kind, name: nameOf(file, sniffed?.extension), contentType, format: null }
  }
  const format = sniffed?.format ?? formatNamedBy(file.name) ?? DEFAULT_FORMAT
  const { extension, contentType } = formatOf(format)
  return { kind, name: nameOf(file, extension), contentType, format }
}

/** Its own name, else its id and the extension of what it is. */
function nameOf({ id, name }: ForeignFacts, extension: string | undefined): string {
  if (name) return safeName(name)
  return extension === undefined ? id : `${id}.${extension}`
}

function formatNamedBy(name: string | null): FormatName | undefined {
  const extension = name?.toLowerCase().split('.').at(-1)
  return FORMATS.find((format) => format.extension === extension)?.name
}

export interface Adoption {
  /** User id; null where nobody with an account is known to own it: then only an administrator reaches it. */
  readonly ownerId: string | null
  /** For a result: the source it was made from, where that is known. */
  readonly derivedFrom: string | null
  /** Lower-case hex, of the bytes as they lie in our store. */
  readonly sha256: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Milliseconds a file is kept from now on; absent: for ever. */
  readonly retention?: number | undefined
}

/** The row of a foreign file: it keeps its id, and its bytes lie under that. */
export function adoptedFile(
  { id, size, createdAt }: ForeignFacts,
  described: Described,
  { ownerId, derivedFrom, sha256, now, retention }: Adoption,
): StoredFile {
  const expiresAt = retention === undefined ? null : now + retention
  const found = { id, ownerId, size, sha256, blobKey: id, duration: null, derivedFrom, createdAt, expiresAt }
  return { ...found, ...described }
}
