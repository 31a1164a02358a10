import { createHash } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { expect } from 'vitest'
import { download } from '../support/client.ts'
import { expectKept } from './account.ts'
import { openCast } from './cast.ts'
import { drained, filesOf, openLedger } from './ledger.ts'
import { PLAN } from './plan.ts'
import { keysOf, openStores, sweepLater } from './stores.ts'
import { storm } from './storm.ts'
import { it as base } from './with-servers.ts'

const TWO_DAYS = 2 * 24 * 3_600_000

/** A cast that was uploaded to while all of its kinds and the broker were killed, and that has come to rest. */
const it = base.extend('survivors', { scope: 'file' }, async ({ servers }, { onCleanup }) => {
  const cast = await openCast(servers, { counts: { converter: 3 } })
  onCleanup(() => cast.close())
  const ledger = await openLedger(cast.of('gateway').map(({ url }) => url))
  let raging = true
  const rage = storm(cast, servers, PLAN.kills).finally(() => {
    raging = false
  })
  const load = ledger.load(() => !raging && ledger.acknowledged().length >= PLAN.uploads)
  await Promise.all([rage, load])
  await cast.ready()
  await drained(ledger, cast)
  return { cast, ledger }
})

it('no acknowledged conversion is lost, whoever is killed', async ({ survivors: { cast, ledger } }) => {
  const { acknowledged } = await expectKept(ledger, cast)
  expect(acknowledged).toBeGreaterThanOrEqual(PLAN.uploads)
})

it('storage is clean after that: no orphan after a sweep, nothing live removed', async ({ survivors }) => {
  const { cast, ledger } = survivors
  const stores = await openStores(cast.places)
  try {
    const files = (await Promise.all(ledger.people.map(filesOf))).flat()
    const live = (wanted: string) => files.filter(({ kind }) => kind === wanted).map(({ id }) => id)
    const before = { source: await keysOf(stores.blobs.source), result: await keysOf(stores.blobs.result) }
    expect(before.source).toEqual(expect.arrayContaining(live('source')))
    expect(before.result).toEqual(expect.arrayContaining(live('result')))

    await sweepLater(stores, TWO_DAYS)
    expect(await keysOf(stores.blobs.source)).toEqual(live('source').sort())
    expect(await keysOf(stores.blobs.result)).toEqual(live('result').sort())
    const swept = before.source.length + before.result.length - files.length
    console.log(`${files.length} files, ${swept} orphans swept`)
  } finally {
    await stores.close()
  }
  expect(await strayChunks(cast.places.videos)).toBe(0)
  expect(await strayChunks(cast.places.mp3s)).toBe(0)

  for (const person of ledger.people) {
    const results = (await filesOf(person)).filter(({ kind }) => kind === 'result')
    for (const { id, sha256 } of results) {
      const bytes = await download(person, id)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    }
  }
})

/** Chunks of GridFS whose file has no document. */
async function strayChunks(url: string): Promise<number> {
  const client = new MongoClient(url)
  try {
    const files = await client.db().collection('fs.files').distinct('_id')
    return await client
      .db()
      .collection('fs.chunks')
      .countDocuments({ files_id: { $nin: files } })
  } finally {
    await client.close()
  }
}
