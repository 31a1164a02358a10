import type { Logger } from '../../../kit/logger.ts'
import type { ForeignFile, ForeignFiles } from '../../../ports/foreign-files.ts'
import { answered } from '../../mongo/mongo-error.ts'
import { openMongo } from '../../mongo/open-mongo.ts'
import { type Bucket, bucketOf } from './bucket.ts'
import { foreignFile } from './foreign-file.ts'

const PAGE = 100

/** The files that others put into the bucket `fs` of a database. Pages go by the id: a slow reader holds no cursor. */
export async function openForeignGridfs(settings: {
  url: string
  database: string
  logger: Logger
}): Promise<ForeignFiles> {
  const client = await openMongo(settings)
  const bucket = await bucketOf(client.db(settings.database))
  return {
    list: () => list(bucket),
    close: () => client.close(),
  }
}

async function* list(bucket: Bucket): AsyncGenerator<ForeignFile> {
  let after = new bucket.ObjectId('0'.repeat(24))
  for (;;) {
    const theirs = { _id: { $gt: after }, 'metadata.key': { $exists: false } }
    const page = await answered(bucket.files.find(theirs).sort({ _id: 1 }).limit(PAGE).toArray())
    for (const file of page) yield foreignFile(bucket, file)
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last._id
  }
}
