import type { Usage } from '../../../domain/usage.ts'
import type { Overdue } from '../../../ports/library.ts'
import type { Collections } from './collections.ts'
import { idleAt } from './files.ts'
import { endedBy, expiredBy } from './forget.ts'

/** What a sweep would remove: expired files at `now`, documents of what ended by `before`. */
export async function overdue(at: Collections, now: number, before: number): Promise<Overdue> {
  const group = { _id: null, files: { $sum: 1 }, bytes: { $sum: '$size' } }
  const [expired] = await at.files.aggregate<Usage>([...idleAt(now), { $group: group }]).toArray()
  const counts = [
    await at.conversions.countDocuments(endedBy(before)),
    await at.formerFiles.countDocuments(expiredBy(before)),
    await at.events.countDocuments({ announced: true }),
  ]
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return { files: expired?.files ?? 0, bytes: expired?.bytes ?? 0, rows }
}
