import type { Conversion } from '../../../domain/conversion.ts'
import type { StoredFile } from '../../../domain/file.ts'
import { emailKey } from '../../../domain/user.ts'
import { parseWish } from '../../../domain/wish/wish.ts'
import { newId } from '../../../kit/ids.ts'
import type { Collections, ConversionDoc } from './collections.ts'
import { SHOWN, toConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import { findFile, insertFile } from './files.ts'
import { AT_ONCE } from './submit.ts'
import type { Transact, Within } from './transaction.ts'

/** A result of another program: it ends what waits for it, or is a conversion of its own. */
export async function adoptResult(
  at: Collections,
  transact: Transact,
  result: StoredFile,
  username: string,
  now: number,
): Promise<Conversion> {
  const source = await findFile(at, result.derivedFrom ?? result.id)
  return await transact(async (within) => {
    const ended =
      (await endLive(at, result, now, within)) ??
      (await insertEnded(at, endedDoc(result, source, username, now), within))
    const owned = { ...result, ownerId: ended.ownerId }
    await insertFile(at, owned, within)
    await addEvent(at, ended, owned, now, within)
    return ended
  })
}

const done = (result: StoredFile, now: number) =>
  ({ state: 'done', lease: null, progress: 1, resultId: result.id, failure: null, endedAt: now }) as const

/** The conversion that was ended, null when none is under way. */
async function endLive(
  { conversions }: Collections,
  result: StoredFile,
  now: number,
  within: Within,
): Promise<Conversion | null> {
  const live = { sourceId: { $eq: result.derivedFrom ?? '' }, state: { $in: ['queued', 'running'] as const } }
  const change = { $set: done(result, now), $inc: { fence: 1 } }
  const newest = { sort: { createdAt: -1, _id: -1 }, returnDocument: 'after', projection: SHOWN } as const
  const doc = await conversions.findOneAndUpdate(live, change, { ...newest, ...within })
  return doc && toConversion(doc)
}

async function insertEnded(
  { conversions }: Collections,
  doc: ConversionDoc,
  within: Within,
): Promise<Conversion> {
  await conversions.insertOne(doc, within)
  return toConversion(doc)
}

function endedDoc(
  result: StoredFile,
  source: StoredFile | null,
  username: string,
  now: number,
): ConversionDoc {
  const sourceId = result.derivedFrom ?? result.id
  return {
    _id: newId(now),
    ownerId: result.ownerId,
    ownerEmail: username,
    ownerKey: result.ownerId ?? emailKey(username),
    sourceId,
    sourceName: source?.name ?? sourceId,
    sourceSize: source?.size ?? 0,
    wish: parseWish({ format: result.format ?? undefined }),
    requestId: null,
    webhook: null,
    attempt: 0,
    fence: 0,
    turn: -1, // it never waited: it has none, as one that was given back
    notBefore: AT_ONCE,
    warning: null,
    receipt: null,
    createdAt: now,
    startedAt: null,
    ...done(result, now),
  }
}
