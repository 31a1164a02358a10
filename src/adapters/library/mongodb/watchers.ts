import type { Conversion } from '../../../domain/conversion.ts'
import { emailKey } from '../../../domain/user.ts'
import type { Collections } from './collections.ts'
import { addEvent } from './events.ts'
import type { Within } from './transaction.ts'

export async function watch({ watchers }: Collections, ownerKey: string): Promise<void> {
  const mine = { _id: { $eq: ownerKey } }
  await watchers.updateOne(mine, { $setOnInsert: { _id: ownerKey } }, { upsert: true })
}

/** Tells that a conversion is queued or running where anyone wants to know. */
export async function tellWatchers(
  at: Collections,
  conversion: Conversion,
  now: number,
  within: Within,
): Promise<void> {
  const { webhook, ownerId, ownerEmail } = conversion
  const mine = { _id: { $eq: ownerId ?? emailKey(ownerEmail) } }
  if (webhook !== null || (await at.watchers.findOne(mine, within)))
    await addEvent(at, conversion, null, now, within)
}
