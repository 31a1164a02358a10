import type { Conversion } from '../../../domain/conversion.ts'
import { type ConversionEvent, eventOf, eventTime } from '../../../domain/event.ts'
import type { StoredFile } from '../../../domain/file.ts'
import { newId } from '../../../kit/ids.ts'
import type { Collections, EventDoc } from './collections.ts'
import type { Within } from './transaction.ts'

/** Writes what is told about a conversion in the state it has come to, in the transaction that brought it there. */
export async function addEvent(
  { events }: Collections,
  conversion: Conversion,
  result: StoredFile | null,
  now: number,
  within: Within,
): Promise<void> {
  const at = eventTime(conversion, now)
  const { id, ...event } = eventOf(conversion, result, { id: newId(at), now: at })
  await events.insertOne({ _id: id, announced: false, ...event }, within)
}

const toEvent = ({ _id, announced, ...event }: EventDoc): ConversionEvent => ({ id: _id, ...event })

/** Oldest first. */
export async function unannounced(
  { events }: Collections,
  limit: number,
): Promise<readonly ConversionEvent[]> {
  const oldest = events.find({ announced: false }).sort({ createdAt: 1, _id: 1 })
  return (await oldest.limit(limit).toArray()).map(toEvent)
}

/** Nobody looks at them again. */
export async function removeAnnounced({ events }: Collections, eventIds: readonly string[]): Promise<void> {
  await events.deleteMany({ _id: { $in: eventIds } })
}
