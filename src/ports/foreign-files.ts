import type { Readable } from 'node:stream'
import type { ForeignFacts } from '../domain/foreign-file.ts'

/** A file that another program stored. Its bytes may be read, nothing is written. */
export interface ForeignFile extends ForeignFacts {
  /** The first `length` bytes, without it all. BLOB_CORRUPT when they are not what the store says they are. */
  read(length?: number): Readable
}

/** The files of another program. */
export interface ForeignFiles {
  /** All that Soundlift did not put there itself, in order of their ids. */
  list(): AsyncIterable<ForeignFile>
  close(): Promise<void>
}
