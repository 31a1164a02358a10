import { randomBytes } from 'node:crypto'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Db, GridFSBucket, MongoClient, ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openForeignGridfs } from '../../src/adapters/blobs/gridfs/foreign-files.ts'
import { openGridfs } from '../../src/adapters/blobs/gridfs.ts'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { databaseOf } from '../../src/adapters/mongo/open-mongo.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import { blobsContract } from '../contract/blobs.ts'
import { mongodbBackend, mongodbIsThere, mongodIsThere } from '../support/backends/mongodb.ts'
import { memoryFor } from '../support/blob-memory.ts'

const MB = 1024 * 1024
const logger = silentLogger()
const infoOf = (fileId: string) => ({ fileId, fileName: 'Ünï talk.mkv', contentType: 'video/x-matroska' })

async function put(blobs: Blobs, key: string, bytes: Uint8Array, fileId = newId()): Promise<void> {
  const writer = await blobs.create(key, infoOf(fileId))
  await writer.write(bytes)
  await writer.commit()
}

async function keysOf(blobs: Blobs): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of blobs.list(Date.now() + 60_000)) keys.push(key)
  return keys
}

describe.skipIf(!(await mongodbIsThere('standalone')))('on a standalone MongoDB', () => {
  const mongodb = mongodbBackend('standalone')
  const place = async () => {
    const url = await mongodb.url('standalone')
    return { url, database: databaseOf(url, '') }
  }

  blobsContract('gridfs', async () => openGridfs({ ...(await place()), logger }))

  describe('gridfs', () => {
    let blobs: Blobs
    let client: MongoClient
    let db: Db
    let settings: { url: string; database: string }
    beforeAll(async () => {
      settings = await place()
      blobs = await openGridfs({ ...settings, logger })
      client = new MongoClient(settings.url)
      db = client.db()
    })
    afterAll(() => Promise.all([blobs.close(), client.close()]))

    const chunksOf = (id: string) => db.collection('fs.chunks').countDocuments({ files_id: new ObjectId(id) })
    /** As another program puts a file there. */
    const putTheirs = async (id: string, bytes: Uint8Array, chunkSizeBytes: number) => {
      const options = { chunkSizeBytes, metadata: { theirs: true } }
      const upload = new GridFSBucket(db).openUploadStreamWithId(new ObjectId(id), 'theirs.mkv', options)
      await pipeline([bytes], upload)
    }

    it('is read by other programs, under the id of the file', async () => {
      const id = newId()
      const bytes = randomBytes(5 * MB + 3)
      await put(blobs, `user/1-${id}`, bytes, id)
      const theirs = new GridFSBucket(db)
      const [file] = await theirs.find({ _id: new ObjectId(id) }).toArray()
      expect(file).toMatchObject({
        filename: 'Ünï talk.mkv',
        length: bytes.length,
        metadata: { contentType: 'video/x-matroska', key: `user/1-${id}` },
      })
      expect(Math.abs(Date.now() - Number(file?.uploadDate))).toBeLessThan(60_000)
      const read = await buffer(theirs.openDownloadStream(new ObjectId(id)))
      expect(Buffer.compare(read, bytes)).toBe(0)
    })

    it.each([1_000, 255 * 1024, 3 * MB])(
      'reads what other programs wrote in chunks of %i',
      async (chunkSize) => {
        const id = newId()
        const bytes = randomBytes(3 * chunkSize + 7)
        await putTheirs(id, bytes, chunkSize)
        expect(await blobs.size(id)).toBe(bytes.length)
        expect(Buffer.compare(await buffer(await blobs.read(id)), bytes)).toBe(0)
        const range = { offset: chunkSize - 1, length: chunkSize + 2 }
        const part = await buffer(await blobs.read(id, range))
        expect(Buffer.compare(part, bytes.subarray(range.offset, range.offset + range.length))).toBe(0)
      },
    )

    it('knows files of others from its own', async () => {
      const [theirs, own] = [newId(), newId()]
      await putTheirs(theirs, randomBytes(10), 1_000)
      await put(blobs, own, randomBytes(10), own)
      expect(await blobs.foreignFile?.(theirs)).toMatchObject({ name: 'theirs.mkv', size: 10 })
      expect(await blobs.foreignFile?.(own)).toBeNull()
      expect(await blobs.foreignFile?.(newId())).toBeNull()
    })

    it('never offers files of others to a sweep, and removes them when told to', async () => {
      const id = newId()
      await putTheirs(id, randomBytes(10), 1_000)
      await put(blobs, 'ours', randomBytes(10))
      expect(await keysOf(blobs)).toContain('ours')
      expect(await keysOf(blobs)).not.toContain(id)
      expect(await blobs.removeUnfinished(Date.now() + 60_000)).toBe(0)
      expect(await blobs.size(id)).toBe(10)
      await blobs.remove(id)
      await expect(blobs.size(id)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
      expect(await chunksOf(id)).toBe(0)
    })

    it('lists what others put there, all of it and nothing of ours, and writes nothing', async () => {
      const { url, database } = await place()
      const fresh = client.db(database)
      const ids = Array.from({ length: 205 }, () => newId()).sort()
      for (const id of [...ids].reverse()) {
        await pipeline(
          [Buffer.from(`bytes of ${id}`)],
          new GridFSBucket(fresh).openUploadStreamWithId(new ObjectId(id), id),
        )
      }
      const old = { contentType: 'video/mp4', filename: 'old.mp4' }
      await fresh.collection('fs.files').updateOne({ _id: new ObjectId(ids[7]) }, { $set: old })
      await fresh.collection('fs.files').updateOne({ _id: new ObjectId(ids[8]) }, { $unset: { filename: 1 } })
      await fresh
        .collection('fs.files')
        .updateOne({ _id: new ObjectId(ids[9]) }, { $set: { metadata: { key: 'ours' } } })
      const indexes = await fresh.collection('fs.files').indexes()

      const theirs = await openForeignGridfs({ url, database, logger })
      onTestFinished(() => theirs.close())
      const seen = []
      for await (const file of theirs.list()) seen.push(file)
      expect(seen.map(({ id }) => id)).toEqual(ids.filter((id) => id !== ids[9]))
      expect(seen[6]).toMatchObject({ name: ids[6], contentType: null, size: 33 })
      expect(seen[7]).toMatchObject({ name: 'old.mp4', contentType: 'video/mp4' })
      expect(seen[8]).toMatchObject({ name: null })
      expect(Math.abs(Date.now() - (seen[0]?.createdAt ?? 0))).toBeLessThan(60_000)
      const last = seen.at(-1)
      if (!last) throw new Error('nothing was listed')
      expect((await buffer(last.read())).toString()).toBe(`bytes of ${last.id}`)
      expect((await buffer(last.read(5))).toString()).toBe('bytes')
      expect(await fresh.collection('fs.files').indexes()).toEqual(indexes)
    })

    it('finds a blob by its key alone, when the key is not the id of its file', async () => {
      const id = newId()
      await put(blobs, `key-of-${id}`, Buffer.from('x'), id)
      await expect(blobs.read(id)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
    })

    it('leaves no chunk of an upload that is aborted, nor of a blob that is removed', async () => {
      const [aborted, removed] = [newId(), newId()]
      const writer = await blobs.create(aborted, infoOf(aborted))
      await writer.write(randomBytes(7 * MB))
      await writer.abort()
      await put(blobs, removed, randomBytes(7 * MB), removed)
      expect(await chunksOf(removed)).toBe(29)
      await blobs.remove(removed)
      expect([await chunksOf(aborted), await chunksOf(removed)]).toEqual([0, 0])
    })

    it('tells when a stored chunk has changed, is cut or missing', async () => {
      const id = newId()
      await put(blobs, id, randomBytes(3 * MB), id)
      const chunks = db.collection('fs.chunks')
      const place = { files_id: new ObjectId(id), n: 4 }
      const data = Buffer.from((await chunks.findOne(place))?.['data'].buffer)
      data[77] = (data[77] ?? 0) ^ 1
      await chunks.updateOne(place, { $set: { data } })
      const corrupt = { code: 'BLOB_CORRUPT' }
      await expect(buffer(await blobs.read(id))).rejects.toMatchObject(corrupt)
      expect(await buffer(await blobs.read(id, { offset: 0, length: 999 }))).toHaveLength(999)
      await chunks.updateOne(place, { $set: { data: data.subarray(1) } })
      await expect(buffer(await blobs.read(id))).rejects.toMatchObject(corrupt)
      await chunks.deleteOne(place)
      await expect(buffer(await blobs.read(id))).rejects.toMatchObject(corrupt)
    })

    it('holds 300 MB without holding them in memory', { timeout: 60_000 }, async () => {
      expect(await memoryFor('adapters/blobs/gridfs.ts', 'openGridfs', await place())).toBeLessThan(160)
    })

    it('looks for orphans in the index alone, once per file', async () => {
      await put(blobs, 'many-chunks', randomBytes(20 * MB))
      const files = await db.collection('fs.files').countDocuments()
      await db.command({ profile: 2 })
      await blobs.removeUnfinished(Date.now() - 60_000)
      await db.command({ profile: 0 })
      const query = { ns: /fs\.chunks$/, 'command.aggregate': 'fs.chunks' }
      const seen = await db.collection('system.profile').findOne(query)
      expect(seen).toMatchObject({ docsExamined: 0 })
      expect(seen?.['keysExamined']).toBeLessThanOrEqual(files + 1)
    })

    it('uses the databases videos and mp3s, or those of the URL that are named so', async () => {
      const { url, database } = settings
      const named = (name: string) => url.replace(database, name)
      const own = await openBlobs({ url: named(`${database}_videos`), sub: 'videos', dataDir: '', logger })
      await put(own, 'kept', Buffer.from('kept'))
      const there = client.db(`${database}_videos`)
      expect(await there.collection('fs.files').countDocuments()).toBe(1)
      await own.close()
      await there.dropDatabase()
    })
  })
})

describe.skipIf(!mongodIsThere())('gridfs: on a server of its own', () => {
  const mongodb = mongodbBackend()

  it('keeps sources in the database videos and results in mp3s', { timeout: 60_000 }, async () => {
    const { url } = await mongodb.start('standalone')
    const client = new MongoClient(url)
    for (const sub of ['videos', 'mp3s'] as const) {
      const blobs = await openBlobs({ url, sub, dataDir: '', logger })
      await put(blobs, 'x', Buffer.from(sub))
      await blobs.close()
      const [file] = await new GridFSBucket(client.db(sub)).find().toArray()
      expect(
        await text(new GridFSBucket(client.db(sub)).openDownloadStream(file?._id ?? new ObjectId())),
      ).toBe(sub)
    }
    await client.close()
  })

  it('fails an upload whose server goes away, and says so within seconds', { timeout: 90_000 }, async () => {
    const server = await mongodb.start('standalone')
    const blobs = await openGridfs({ url: server.url, database: 'videos', logger })
    await put(blobs, 'kept', randomBytes(30 * MB))
    const stream = await blobs.read('kept')
    const writer = await blobs.create('x', infoOf(newId()))
    await writer.write(randomBytes(10 * MB))
    await server.stop()
    const away = { code: 'SERVICE_UNAVAILABLE' }
    const asked = performance.now()
    await Promise.all([
      expect(writer.write(randomBytes(10 * MB)).then(writer.commit)).rejects.toMatchObject(away),
      expect(buffer(stream)).rejects.toMatchObject(away),
      expect(blobs.ping()).rejects.toMatchObject(away),
    ])
    await writer.abort()
    expect(performance.now() - asked).toBeLessThan(30_000)
    await blobs.close()
  })
})
