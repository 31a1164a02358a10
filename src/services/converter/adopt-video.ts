import { type QueueMessage, recipientOf } from '../../domain/queue-message.ts'
import { parseWish } from '../../domain/wish/wish.ts'
import { adopt } from '../../ports/adopt.ts'
import type { ConverterParts } from './parts.ts'

/**
 * Takes up a message of another program: a conversion is made of the video it names, once. The conversion bears the
 * video's own id, so that no two can be made. MESSAGE_UNUSABLE. Messages of our own name their conversion.
 */
export async function adoptVideo(parts: ConverterParts, message: QueueMessage): Promise<void> {
  const { library, accounts, blobs, settings, now, logger } = parts
  const { video_fid: id, conversion_id: ours } = message
  if (ours !== undefined || (await library.newestConversion(id))) return
  const ownerEmail = recipientOf(message)
  const ownerId = (await accounts?.accountId(ownerEmail)) ?? null
  const traced = message.traceparent === undefined ? {} : { traceparent: message.traceparent }
  const wanted = { id, ownerId, ownerEmail, sourceId: id, wish: parseWish({}), createdAt: now(), ...traced }
  const adoption = { ownerId, derivedFrom: null, now: now(), retention: settings.sourceRetention }
  try {
    if (await library.file(id)) await library.addConversion(wanted)
    else await library.addFile(await adopt(blobs.source, id, 'source', adoption), wanted)
  } catch (error) {
    if (await library.conversion(id)) return // another converter had the same message
    throw error
  }
  logger.info({ conversionId: id, userId: ownerId }, 'a video of another program is taken up')
}
