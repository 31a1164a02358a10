import { MongoClient } from 'mongodb'
import { type Collections, collectionsOf } from '../../src/adapters/library/mongodb/collections.ts'
import { BUSY, BUSY_TURNS, COPY_DIGITS, copyPrefix, RECEIPT, SHARE, seed } from './seed.ts'

/** Writes so many shares into the empty collections of a library. */
export async function fillMongodb(url: string, shares: number): Promise<void> {
  const client = new MongoClient(url, { writeConcern: { w: 1 } })
  const collections = collectionsOf(client.db())
  const seeds = Array.from({ length: SHARE }, (_, place) => seed(place))
  for (let copy = 0; copy < shares; copy++) await writeCopy(collections, seeds, copy)
  await client.close()
}

async function writeCopy(
  { conversions, files }: Collections,
  seeds: readonly ReturnType<typeof seed>[],
  copy: number,
): Promise<void> {
  const moved = (id: string) => (id.startsWith(BUSY) ? id : copyPrefix(copy) + id.slice(COPY_DIGITS))
  const ownerOf = (ownerId: string | null) => moved(ownerId ?? '')
  await files.insertMany(
    seeds.map(({ source: { id, ...rest } }) => {
      const [_id, ownerId] = [moved(id), ownerOf(rest.ownerId)]
      return { ...rest, _id, ownerId, blobKey: `sources/${_id}`, held: 0 }
    }),
    { ordered: false },
  )
  await conversions.insertMany(
    seeds.map(({ conversion: { id, ...rest } }) => {
      const ownerId = ownerOf(rest.ownerId)
      const turn = ownerId.startsWith(BUSY) ? rest.turn + copy * BUSY_TURNS : rest.turn
      const receipt = rest.state === 'done' ? RECEIPT : null
      const sourceId = moved(rest.sourceId)
      return { ...rest, _id: moved(id), sourceId, ownerId, ownerKey: ownerId, turn, receipt }
    }),
    { ordered: false },
  )
}
