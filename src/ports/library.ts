import type { Conversion, State, Told } from '../domain/conversion.ts'
import type { ConversionEvent } from '../domain/event.ts'
import type { FileKind, FormerFile, StoredFile } from '../domain/file.ts'
import type { Quota, Usage } from '../domain/usage.ts'
import type { Wish } from '../domain/wish/wish.ts'

/** What a new conversion starts from; the library gives it its turn. */
export interface NewConversion {
  readonly id: string
  readonly ownerId: string | null
  readonly ownerEmail: string
  readonly sourceId: string
  readonly wish: Wish
  /** Of the request that asks for it, for the logs. */
  readonly requestId?: string
  /** W3C trace context of that request. */
  readonly traceparent?: string
  /** A URL that is told what happens to it. */
  readonly webhook?: string
  readonly createdAt: number
}

/** A page of a list, newest first: `cursor` is the id of the last item of the page before. */
export interface Page {
  readonly limit: number
  readonly cursor?: string
  /** Whose items; absent: everyone's. */
  readonly ownerId?: string
}

/** Proof that a worker holds a conversion: a write with an older fence is refused with LEASE_LOST. */
export interface Hold {
  readonly id: string
  readonly fence: number
}

/** How an attempt ended. `released`: given back unharmed (a drain), the attempt is not counted. */
export type Outcome =
  | {
      readonly kind: 'done'
      readonly result: StoredFile
      readonly warning: Told | null
      readonly receipt: unknown
    }
  | { readonly kind: 'failed'; readonly failure: Told }
  | { readonly kind: 'again'; readonly failure: Told; readonly notBefore: number }
  | { readonly kind: 'released' }

/** Of each state no more than this is counted. */
export const MOST_COUNTED = 100_000

/** What is to be done, counted up to MOST_COUNTED. */
export interface Backlog {
  readonly queued: number
  readonly running: number
  /** When the oldest of those that wait was submitted; null without any. */
  readonly oldestQueued: number | null
}

/** What a sweep would remove. */
export interface Overdue extends Usage {
  readonly rows: number
}

/**
 * Files, conversions and events. The truth about what is to be done; every method is one transaction.
 * `now` is milliseconds since the epoch, always handed in. What is acknowledged here survives a power cut.
 */
export interface Library {
  /**
   * Writes a new source and, when one is asked for, its conversion: both or neither. QUOTA_EXCEEDED when the files of its
   * owner would take more than `quota`; that is looked at and counted in the same act.
   */
  addFile(file: StoredFile, conversion?: NewConversion, quota?: Quota): Promise<Conversion | null>
  /** A further conversion of a source that is there; FILE_NOT_FOUND when it is not. */
  addConversion(conversion: NewConversion): Promise<Conversion>

  file(id: string): Promise<StoredFile | null>
  files(page: Page & { kind?: FileKind }): Promise<readonly StoredFile[]>
  /**
   * Removes the row and returns it; FILE_NOT_FOUND, or FILE_IN_USE while a queued or running conversion needs it. With
   * `expiredAt` it is remembered as a former file.
   */
  removeFile(id: string, expiredAt?: number): Promise<StoredFile>
  /** A file that was removed because its time was over; null for all others, and when that is forgotten. */
  formerFile(id: string): Promise<FormerFile | null>
  /** What the files of a person take. A result counts when it is there, and is never refused. */
  usage(ownerId: string): Promise<Usage>
  /** Counts the files of everyone anew; returns for how many persons the count was wrong. */
  recount(): Promise<number>
  /** The newest result made from a source, null when there is none. */
  newestResult(sourceId: string): Promise<StoredFile | null>
  /** The newest conversion of a source, null when there is none. */
  newestConversion(sourceId: string): Promise<Conversion | null>

  conversion(id: string): Promise<Conversion | null>
  conversions(page: Page & { state?: State }): Promise<readonly Conversion[]>
  /** How many conversions are queued, counted up to `most`: an owner's (null: of those without an account), or everyone's. */
  queued(most: number, ownerId?: string | null): Promise<number>
  /** The receipt stored with a done conversion, as it was given. */
  receipt(id: string): Promise<unknown>

  /**
   * Takes the fairest due conversion: queued and not before now, or running with a lease that has ended.
   * Attempt and fence are counted up in the same act; no two callers ever get the same one. Rows whose attempts
   * are used up are left to `failExhausted`.
   */
  claim(worker: { name: string; now: number; leaseMs: number }): Promise<Conversion | null>
  /** Prolongs the lease and writes progress; false when the hold is lost (taken over, cancelled): stop working. */
  renew(hold: Hold, at: { now: number; leaseMs: number; progress: number }): Promise<boolean>
  /** Ends an attempt; `done` and `failed` write their event in the same transaction. LEASE_LOST when the hold is lost. */
  finish(hold: Hold, outcome: Outcome, now: number): Promise<void>
  /**
   * Ends a queued or running conversion; CONVERSION_NOT_FOUND, CONVERSION_ENDED. What never ran gives its turn back:
   * who cancels a hundred does not then wait for a hundred turns of others.
   */
  cancel(id: string, now: number): Promise<Conversion>
  /**
   * Queues a failed or cancelled one anew, attempts from zero; CONVERSION_NOT_FOUND, CONVERSION_NOT_RETRYABLE,
   * FILE_EXPIRED when its source was removed.
   */
  retry(id: string, now: number): Promise<Conversion>

  /**
   * Writes down a result that another program made: with its file and event, it ends the newest conversion of its
   * source that has not ended (whoever works at that loses its hold), else it is a conversion of its own that is done.
   */
  adoptResult(result: StoredFile, username: string, now: number): Promise<Conversion>
  /** Fails, with WORKER_LOST and an event, what ran its last attempt and lost its lease; returns how many. */
  failExhausted(now: number): Promise<number>
  /**
   * From now on the conversions of this owner (a user id, or the e-mail key of someone without an account) also tell that
   * they are queued and running, as those with a webhook do; the others need no events that nobody is told.
   */
  watch(ownerKey: string): Promise<void>
  /** Events not yet turned into deliveries, oldest first. */
  unannounced(limit: number): Promise<readonly ConversionEvent[]>
  /** Removes events that were turned into deliveries. */
  announced(eventIds: readonly string[]): Promise<void>
  /** Files whose time was over at `now` and that no queued or running conversion needs. */
  expired(now: number, limit: number): Promise<readonly StoredFile[]>
  /**
   * Removes up to `limit` each of the conversions that ended, and of the former files that expired, by `before`; and of
   * events that a release before has announced and left. Returns how many rows went.
   */
  forget(before: number, limit: number): Promise<number>
  /** How much there is to do. Cheap, however many conversions have ended. */
  backlog(): Promise<Backlog>
  /** What `expired` would find at `now`, in number and bytes, and how many rows `forget` would remove. */
  overdue(now: number, before: number): Promise<Overdue>
  /** Which of these blob keys a file row refers to. */
  referenced(kind: FileKind, blobKeys: readonly string[]): Promise<ReadonlySet<string>>

  /** Fails when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
