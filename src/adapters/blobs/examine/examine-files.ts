import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Examine } from '../../../ports/examination.ts'
import { lookForSpace } from '../../look-for-space.ts'

/**
 * A folder of blobs. Nothing is made in it that stays, and nothing where the server has made nothing yet: a folder made by
 * who looks, perhaps root, would keep the server out.
 */
export const examineFiles: Examine<{ readonly folder: string; readonly reserve: number }> = async (
  { folder, reserve },
  found,
) => {
  const unfinished = join(folder, '.unfinished')
  if (!existsSync(unfinished)) return found.fact(`${folder} is made at the first start`)
  const path = join(unfinished, `doctor-${randomUUID()}`)
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    await found.ask(() => writeFile(path, 'soundlift doctor', { flush: true }))
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    return found.fail(what, `Make it writable for who runs the server: \`chown -R USER ${folder}\`.`)
  } finally {
    await rm(path, { force: true }).catch(() => {})
  }
  found.fact(`${folder} can be written`)
  await lookForSpace({ path: folder, reserve }, found)
}
