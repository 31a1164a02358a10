import { buffer } from 'node:stream/consumers'
import { newId } from '../../../kit/ids.ts'
import type { Blobs } from '../../../ports/blobs.ts'
import type { Examination } from '../../../ports/examination.ts'

/** Where it lies is no place of a file: what is left behind is an orphan, which the sweep takes. */
const KEY = 'doctor'
const BYTES = Buffer.from('soundlift doctor was here')
const FROM = 10

/** Writes a small blob, reads it whole and in part, and removes it. */
export async function tryBlob(blobs: Blobs, found: Examination): Promise<void> {
  const fileId = newId()
  const key = `${KEY}/${fileId}`
  const writer = await blobs.create(key, { fileId, fileName: 'doctor', contentType: 'text/plain' })
  try {
    await writer.write(BYTES)
    await writer.commit()
    const [whole, part] = [await blobs.read(key), await blobs.read(key, { offset: FROM, length: 6 })]
    const isSame =
      BYTES.equals(await buffer(whole)) && BYTES.subarray(FROM, FROM + 6).equals(await buffer(part))
    if (isSame) found.fact('wrote, read by ranges and removed a blob')
    else
      found.fail(
        'what was written is read differently',
        'Look for a proxy or cache between that changes bytes.',
      )
  } catch (error) {
    await writer.abort().catch(() => {})
    throw error
  } finally {
    await blobs.remove(key)
  }
}
