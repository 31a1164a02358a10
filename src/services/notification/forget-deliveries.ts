import { inBatches } from '../../kit/in-batches.ts'
import type { NotificationParts } from './parts.ts'

const BATCH = 500

/** Removes deliveries that ended long enough ago; without a time for history, none. */
export async function forgetDeliveries(
  { notifications, settings: { history }, logger, now }: NotificationParts,
  signal: AbortSignal,
): Promise<void> {
  if (history === undefined) return
  const before = now() - history
  try {
    const count = await inBatches(() => notifications.forget(before, BATCH), { signal })
    if (count > 0) logger.info({ count }, 'deliveries forgotten: they ended long ago')
  } catch (error) {
    logger.warn({ err: error }, 'deliveries can not be forgotten now')
  }
}
