import { type Backlog, MOST_COUNTED } from '../../../ports/library.ts'
import type { Collections } from './collections.ts'

/** Reads no more than so many entries of the index `fair`, and no document. */
export async function backlog(at: Collections): Promise<Backlog> {
  const [queued, running] = await Promise.all([count(at, 'queued'), count(at, 'running')])
  return { queued: queued.many, running: running.many, oldestQueued: queued.oldest }
}

async function count({ conversions }: Collections, state: 'queued' | 'running') {
  const counted = conversions.aggregate<{ many: number; oldest: number }>(
    [
      { $match: { state } },
      { $sort: { turn: 1, createdAt: 1, _id: 1 } },
      { $limit: MOST_COUNTED },
      { $project: { _id: 0, createdAt: 1 } },
      { $group: { _id: null, many: { $sum: 1 }, oldest: { $min: '$createdAt' } } },
    ],
    { hint: 'fair' },
  )
  return (await counted.next()) ?? { many: 0, oldest: null }
}
