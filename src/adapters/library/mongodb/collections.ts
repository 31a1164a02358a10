import type { Collection, Db } from 'mongodb'
import type { Conversion } from '../../../domain/conversion.ts'
import type { ConversionEvent } from '../../../domain/event.ts'
import type { FormerFile, StoredFile } from '../../../domain/file.ts'
import type { Usage } from '../../../domain/usage.ts'
import type { Room } from '../../mongo/indexes.ts'

/*
 * Ids are stored as the strings they are everywhere else: nothing is converted, nothing from outside can fail to
 * convert, and their order is the same. The price is 13 bytes for each.
 */

export interface FileDoc extends Omit<StoredFile, 'id'> {
  readonly _id: string
  /** Counted up by whoever needs the file to stay until its transaction ends: a removal then comes into conflict. */
  readonly held: number
}

export interface ConversionDoc extends Omit<Conversion, 'id' | 'webhook' | 'traceparent'> {
  readonly _id: string
  /** Absent in documents of the release before. */
  readonly webhook?: string | null
  readonly traceparent?: string | null
  /** Whose turn is counted: the user id, or the e-mail key of someone without an account. */
  readonly ownerKey: string
  /** JSON text, as its keys are not ours. Null until it is done. */
  readonly receipt: string | null
}

/** Whose conversions tell that they are queued and running: the id is an `ownerKey`. */
export interface WatcherDoc {
  readonly _id: string
}

export interface FormerFileDoc extends Omit<FormerFile, 'id'> {
  readonly _id: string
}

/** What the files of a person take: the id is theirs. Whoever has none has never been counted. */
export interface UsageDoc extends Usage {
  readonly _id: string
}

export interface EventDoc extends Omit<ConversionEvent, 'id'> {
  readonly _id: string
  /** True in documents of releases that kept what they had announced. */
  readonly announced: boolean
}

/** The collections of the library. */
export interface Collections {
  readonly files: Collection<FileDoc>
  readonly conversions: Collection<ConversionDoc>
  readonly events: Collection<EventDoc>
  readonly watchers: Collection<WatcherDoc>
  readonly formerFiles: Collection<FormerFileDoc>
  readonly usage: Collection<UsageDoc>
}

const FILES = 'soundlift_files'
export const CONVERSIONS = 'soundlift_conversions'
const EVENTS = 'soundlift_events'
const WATCHERS = 'soundlift_watchers'
const FORMER_FILES = 'soundlift_former_files'
const USAGE = 'soundlift_usage'

export function collectionsOf(db: Db): Collections {
  return {
    files: db.collection(FILES),
    conversions: db.collection(CONVERSIONS),
    events: db.collection(EVENTS),
    watchers: db.collection(WATCHERS),
    formerFiles: db.collection(FORMER_FILES),
    usage: db.collection(USAGE),
  }
}

export const LIBRARY_ROOM: Room = {
  name: 'library',
  indexes: {
    [FILES]: [
      { name: 'owner', key: { ownerId: 1, _id: 1 } },
      { name: 'derived', key: { derivedFrom: 1, createdAt: 1, _id: 1 } },
      { name: 'blob', key: { blobKey: 1 } },
      { name: 'expiry', key: { expiresAt: 1 } },
    ],
    [CONVERSIONS]: [
      // The claim and the turn read it from either end, however many conversions there are.
      { name: 'fair', key: { state: 1, turn: 1, createdAt: 1, _id: 1 } },
      // Of two submits of one owner at once, one looks again: nobody gets the same turn twice.
      {
        name: 'owner_turn',
        key: { ownerKey: 1, turn: 1 },
        unique: true,
        partialFilterExpression: { turn: { $gte: 0 } },
      },
      { name: 'owner', key: { ownerId: 1, _id: 1 } },
      { name: 'owner_state', key: { ownerId: 1, state: 1, _id: 1 } },
      { name: 'source', key: { sourceId: 1, createdAt: 1, _id: 1 } },
      { name: 'ended', key: { endedAt: 1 } },
    ],
    [FORMER_FILES]: [{ name: 'expired', key: { expiredAt: 1 } }],
    [EVENTS]: [
      {
        name: 'unannounced',
        key: { createdAt: 1, _id: 1 },
        partialFilterExpression: { announced: false },
      },
    ],
  },
}
