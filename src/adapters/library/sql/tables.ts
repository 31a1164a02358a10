import type { State } from '../../../domain/conversion.ts'
import type { FileKind } from '../../../domain/file.ts'
import type { FormatName } from '../../../domain/format.ts'

/** Times are milliseconds since the epoch, durations seconds, JSON is text. */
interface FileRow {
  readonly id: string
  readonly owner_id: string | null
  readonly kind: FileKind
  readonly name: string
  readonly content_type: string
  readonly size: number
  readonly sha256: string
  readonly blob_key: string
  readonly format: FormatName | null
  readonly duration: number | null
  readonly derived_from: string | null
  readonly created_at: number
  readonly expires_at: number | null
}

export interface ConversionRow {
  readonly id: string
  readonly owner_id: string | null
  readonly owner_email: string
  /** Whose turn is counted: the user id, or the e-mail key of someone without an account. */
  readonly owner_key: string
  readonly source_id: string
  /** Name and size outlive the source's own row. */
  readonly source_name: string
  readonly source_size: number
  readonly wish: string
  readonly request_id: string | null
  readonly traceparent: string | null
  readonly webhook: string | null
  readonly state: State
  readonly attempt: number
  readonly fence: number
  readonly lease_worker: string | null
  /** Filled exactly while running. */
  readonly lease_until: number | null
  readonly turn: number
  readonly not_before: number
  readonly progress: number
  readonly result_id: string | null
  readonly warning: string | null
  readonly failure: string | null
  readonly receipt: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
}

interface EventRow {
  readonly id: string
  /** The ConversionEvent as JSON. */
  readonly body: string
  /** 1 in rows of releases that kept what they had announced. */
  readonly announced: 0 | 1
  readonly created_at: number
}

/** Held by whoever gives its owner a turn, until the turn is written. */
interface OwnerRow {
  readonly owner_key: string
}

/** Whose conversions tell that they are queued and running. */
interface WatcherRow {
  readonly owner_key: string
}

/** What the files of a person take; whoever has no row has never been counted. */
interface UsageRow {
  readonly owner_id: string
  readonly files: number
  readonly bytes: number
}

/** A file whose time was over. */
interface FormerFileRow {
  readonly id: string
  readonly owner_id: string | null
  readonly expired_at: number
}

export interface LibraryTables {
  readonly soundlift_files: FileRow
  readonly soundlift_conversions: ConversionRow
  readonly soundlift_events: EventRow
  readonly soundlift_owners: OwnerRow
  readonly soundlift_watchers: WatcherRow
  readonly soundlift_former_files: FormerFileRow
  readonly soundlift_usage: UsageRow
}
