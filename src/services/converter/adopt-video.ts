import { adoptedFile } from '../../domain/adopted.ts'
import { parseWish } from '../../domain/format.ts'
import { type QueueMessage, recipientOf } from '../../domain/queue-message.ts'
import { inspectForeignFile } from '../../ports/foreign-file.ts'
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
  const wanted = { id, ownerId, ownerEmail, sourceId: id, wish: parseWish({}), createdAt: now() }
  const adoption = { ownerId, derivedFrom: null, now: now(), retention: settings.retention ?? null }
  try {
    if (await library.file(id)) await library.addConversion(wanted)
    else {
      const found = await inspectForeignFile(blobs.source, 'source', id)
      await library.addFile(adoptedFile(found, adoption), wanted)
    }
  } catch (error) {
    if (await library.conversion(id)) return // another converter had the same message
    throw error
  }
  logger.info({ conversionId: id, userId: ownerId }, 'a video of another program is taken up')
}
