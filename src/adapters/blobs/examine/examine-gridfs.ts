import { silentLogger } from '../../../kit/logger.ts'
import type { Examine } from '../../../ports/examination.ts'
import { examineMongo } from '../../mongo/examine-mongo.ts'
import { openGridfs } from '../gridfs.ts'
import { tryBlob } from './try-blob.ts'

/** Blobs in GridFS. The bucket gets the indexes it lacks, as at every start. */
export const examineGridfs: Examine<{ readonly url: string; readonly database: string }> = (place, found) =>
  examineMongo(place, found, async () => {
    const blobs = await openGridfs({ ...place, logger: silentLogger(), patience: 0 })
    await tryBlob(blobs, found).finally(() => blobs.close())
  })
