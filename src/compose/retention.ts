import type { Config } from '../config.ts'
import type { Logger } from '../kit/logger.ts'
import { previewRetention, type RetentionReport, runRetention as run } from '../services/upkeep/index.ts'
import { withParts } from './with-parts.ts'

/** Removes all that is over by the times of the configuration; in a dry run it only counts. */
export function runRetention(
  config: Config,
  logger: Logger,
  { dryRun }: { dryRun: boolean },
): Promise<RetentionReport> {
  return withParts(config, logger, async (parts) => {
    const { history } = config.retention
    // Nothing to look for without a time, or where nobody is told anything.
    const isTelling = history !== undefined && config.brokerUrl !== null
    const on = {
      library: await parts.library(),
      blobs: await parts.blobs(),
      notifications: isTelling ? await parts.notifications() : null,
      settings: { history },
      logger,
      now: Date.now,
    }
    return dryRun ? previewRetention(on) : run(on)
  })
}
