import type { Readable } from 'node:stream'
import { AppError } from '../domain/errors.ts'
import type { ForeignFile } from './foreign-files.ts'

/** Bytes at the start of a blob that may be rewritten before `commit`: containers put sizes there at the end. */
export const PATCHABLE_HEAD = 2_000_000

/** Refuses a patch of `length` bytes at `offset` that a writer of `size` bytes may not make: INTERNAL. */
export function checkPatch(offset: number, length: number, size: number): void {
  const end = offset + length
  if (offset >= 0 && end <= Math.min(size, PATCHABLE_HEAD)) return
  const cause = new RangeError(`patch of ${offset} to ${end} in ${size} bytes`)
  throw new AppError('INTERNAL', undefined, { cause })
}

/** What a store may keep beside the bytes. */
export interface BlobInfo {
  /** The id of the file it belongs to. */
  readonly fileId: string
  readonly fileName: string
  readonly contentType: string
}

/** A blob being written: invisible until `commit`, gone after `abort`. One writer, calls one after another. */
export interface BlobWriter {
  /** Appends; resolves when more may come. The buffer may be reused afterwards. */
  write(bytes: Uint8Array): Promise<void>
  /** Overwrites bytes already written within the first PATCHABLE_HEAD bytes. */
  patch(offset: number, bytes: Uint8Array): Promise<void>
  /** Makes the blob visible, whole and durable; resolves with its size. */
  commit(): Promise<number>
  /** Removes what was written; may be called after a failure and twice. */
  abort(): Promise<void>
}

/** Bytes by key. Keys are ours: letters, digits, `-_./`; no key is ever written twice. */
export interface Blobs {
  /** Bytes between two reads that are cheaper read than skipped; 256 KB where nothing is said. */
  readonly gap?: number | undefined
  create(key: string, info: BlobInfo): Promise<BlobWriter>
  /** Size in bytes; BLOB_NOT_FOUND. */
  size(key: string): Promise<number>
  /** The bytes from `offset` (0), `length` of them (all). BLOB_NOT_FOUND before the first byte. */
  read(key: string, range?: { offset: number; length: number }): Promise<Readable>
  /**
   * What another program put into this store under this id of 24 hex digits; the id is its key here too. null when
   * there is no such file; absent when the store holds files of ours alone.
   */
  foreignFile?(id: string): Promise<ForeignFile | null>
  /** Removing a missing key is not an error. */
  remove(key: string): Promise<void>
  /** Keys last written before `before` (milliseconds since the epoch), for the sweep. */
  list(before: number): AsyncIterable<string>
  /** Removes unfinished writes nobody has touched since `before`; returns how many. */
  removeUnfinished(before: number): Promise<number>
  /** A link that opens for `seconds` without a token; absent when the store can not hand out links. */
  signedUrl?(
    key: string,
    options: { seconds: number; fileName: string; contentType: string },
  ): Promise<string>
  /** Bytes that may still be written; absent when the store can not tell. */
  room?(): Promise<number>
  /** Fails when the store can not be read and written. */
  ping(): Promise<void>
  close(): Promise<void>
}
