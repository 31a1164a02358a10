import { type QueueMessage, recipientOf, unusable } from '../../domain/queue-message.ts'
import { SERIES } from '../../domain/series.ts'
import { adopt } from '../../ports/adopt.ts'
import type { NotificationParts } from './parts.ts'

/**
 * Takes up a result that another program made and announced, once: it ends the conversion of its video, or is written
 * down as one that has ended. MESSAGE_UNUSABLE. Messages of our own name their conversion.
 */
export async function adoptResult(parts: NotificationParts, message: QueueMessage): Promise<void> {
  const { library, results, accounts, settings, metrics, now, logger } = parts
  const { mp3_fid: id, video_fid: derivedFrom, conversion_id: ours } = message
  if (ours !== undefined) return
  if (id === null) throw unusable('mp3_fid is not filled')
  if (await library.file(id)) return
  if (!results) throw unusable('results of other programs are not read here: set MP3S_URL or BLOBS_URL')
  const ownerEmail = recipientOf(message)
  const ownerId = (await accounts?.accountId(ownerEmail)) ?? null
  const adoption = { ownerId, derivedFrom, now: now(), retention: settings.retention }
  const result = await adopt(results, id, 'result', adoption)
  try {
    const { id: conversionId } = await library.adoptResult(result, ownerEmail, now())
    metrics.count(SERIES.ended, { state: 'done' })
    logger.info({ conversionId, resultId: id }, 'a result of another program is taken up')
  } catch (error) {
    if (await library.file(id)) return // another of us had the same message
    throw error
  }
}
