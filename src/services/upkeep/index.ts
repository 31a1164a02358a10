import { type Clock, every } from '../../kit/clock.ts'
import type { Service } from '../../kit/service.ts'
import { forgetHistory } from './forget-history.ts'
import type { UpkeepParts } from './parts.ts'
import { removeExpired } from './remove-expired.ts'
import { tidyBlobs } from './tidy-blobs.ts'

export { previewRetention, type RetentionReport, runRetention } from './run-retention.ts'

const EVERY = 10 * 60_000

/**
 * Keeps library and blob stores clean: what expired or ended long ago goes, and what nothing refers to. Runs beside the
 * converter; where nothing is converted, beside the gateway. Any number of them may run at once.
 */
export function createUpkeep(options: Omit<UpkeepParts, 'now'> & { now?: Clock }): Service {
  const parts: UpkeepParts = { now: Date.now, ...options }
  let rounds: { stop(): Promise<void> } | undefined
  let justStarted = true

  async function round(signal: AbortSignal) {
    await tried(parts, 'expired files', () => removeExpired(parts, { signal }))
    await tried(parts, 'rows of what has ended', async () => ({
      rows: await forgetHistory(parts, { signal }),
    }))
    if (!justStarted) {
      // What a start has to read, it should not have to share.
      await tried(parts, 'blobs of sources', () => tidyBlobs(parts, 'source', signal))
      await tried(parts, 'blobs of results', () => tidyBlobs(parts, 'result', signal))
    }
    justStarted = false
  }

  return {
    name: 'upkeep',
    async start() {
      rounds ??= every(parts.settings.everyMs ?? EVERY, round)
    },
    async stop() {
      await rounds?.stop()
    },
  }
}

/** What fails now is tried again in the next round. */
async function tried({ logger }: UpkeepParts, what: string, deed: () => Promise<object>): Promise<void> {
  try {
    const counts = await deed()
    if (Object.values(counts).some((count) => count !== 0)) logger.info({ ...counts }, `${what} removed`)
  } catch (error) {
    logger.warn({ err: error }, `${what} can not be removed now`)
  }
}
