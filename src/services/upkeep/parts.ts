import type { FileKind } from '../../domain/file.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Library } from '../../ports/library.ts'

/** What the upkeep works with. */
export interface UpkeepParts {
  readonly library: Library
  readonly blobs: Readonly<Record<FileKind, Blobs>>
  readonly settings: UpkeepSettings
  readonly logger: Logger
  readonly now: Clock
}

/** Times in milliseconds. */
export interface UpkeepSettings {
  /** How long ended conversions are kept; for ever without it. */
  readonly history?: number | undefined
  /** Between two rounds; 10 min. */
  readonly everyMs?: number
  /** How old a blob must be that nothing refers to, to be removed; 24 h. */
  readonly orphanAgeMs?: number
}
