import type { Logger } from '../../kit/logger.ts'

/** What every SQL driver is opened with. */
export interface StoreSettings {
  /** `sqlite:` is DATA_DIR/soundlift.db, `sqlite:/path/x.db` that file. */
  readonly url: string
  readonly dataDir: string
  /** Bring the tables up to date now; otherwise opening fails while they are not. */
  readonly migrate: boolean
  readonly logger: Logger
  /** Milliseconds to wait at open for a server that is still starting. */
  readonly patience?: number | undefined
}
