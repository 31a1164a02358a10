import type { Collections } from './collections.ts'

export const endedBy = (before: number) => ({ endedAt: { $ne: null, $lte: before } })
export const expiredBy = (before: number) => ({ expiredAt: { $lte: before } })

/** Removes what ended or expired by `before`, and events that were announced; up to `limit` of each collection. */
export async function forget(
  { conversions, formerFiles, events }: Collections,
  before: number,
  limit: number,
): Promise<number> {
  const ended = endedBy(before)
  const former = expiredBy(before)
  const ids = { projection: { _id: 1 }, limit } as const
  const idsOf = (docs: readonly { readonly _id: string }[]) => docs.map(({ _id }) => _id)

  const oldest = await conversions.find(ended, ids).sort({ endedAt: 1 }).toArray()
  const expired = await formerFiles.find(former, ids).sort({ expiredAt: 1 }).toArray()
  const announced = await events.find({ announced: true }, ids).toArray()
  const removals = [
    // What is queued anew meanwhile stays.
    await conversions.deleteMany({ _id: { $in: idsOf(oldest) }, ...ended }),
    await formerFiles.deleteMany({ _id: { $in: idsOf(expired) } }),
    await events.deleteMany({ _id: { $in: idsOf(announced) } }),
  ]
  return removals.reduce((sum, { deletedCount }) => sum + deletedCount, 0)
}
