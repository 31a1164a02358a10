import { inBatches } from '../../kit/in-batches.ts'
import type { Notifications } from '../../ports/notifications.ts'
import { endedBefore, forgetHistory } from './forget-history.ts'
import { countOrphans } from './orphans.ts'
import type { UpkeepParts } from './parts.ts'
import { removeExpired } from './remove-expired.ts'
import { tidyBlobs } from './tidy-blobs.ts'

/** What a run has removed, or would. */
export interface RetentionReport {
  /** Expired files, and what they took. */
  readonly files: number
  readonly bytes: number
  /** Of ended conversions, expired files and announced events. */
  readonly rows: number
  /** That ended long ago. */
  readonly deliveries: number
  /** Blobs that nothing refers to. */
  readonly orphans: number
  /** Writes that broke off; null in a dry run, which can not know. */
  readonly unfinished: number | null
  /** Persons whose usage was counted wrong; null in a dry run. */
  readonly recounted: number | null
}

export interface RetentionParts extends UpkeepParts {
  /** null: nobody is told anything. */
  readonly notifications: Pick<Notifications, 'forget' | 'overdue'> | null
}

const BATCH = 500
const ALL = { batches: Number.POSITIVE_INFINITY }

/** Removes all that is over by now, as the upkeep does bit by bit, and counts anew what people's files take. */
export async function runRetention(parts: RetentionParts): Promise<RetentionReport> {
  const { library, notifications } = parts
  const before = endedBefore(parts)
  const removed = await removeExpired(parts, ALL)
  const rows = await forgetHistory(parts, ALL)
  const deliveries = notifications ? await inBatches(() => notifications.forget(before, BATCH), ALL) : 0
  const [sources, results] = [await tidyBlobs(parts, 'source'), await tidyBlobs(parts, 'result')]
  return {
    ...removed,
    rows,
    deliveries,
    orphans: sources.orphans + results.orphans,
    unfinished: sources.unfinished + results.unfinished,
    recounted: await library.recount(),
  }
}

/** What `runRetention` would remove now. */
export async function previewRetention(parts: RetentionParts): Promise<RetentionReport> {
  const { library, notifications, now } = parts
  const before = endedBefore(parts)
  return {
    ...(await library.overdue(now(), before)),
    deliveries: notifications ? await notifications.overdue(before) : 0,
    orphans: (await countOrphans(parts, 'source')) + (await countOrphans(parts, 'result')),
    unfinished: null,
    recounted: null,
  }
}
