import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lookForSpace } from '../../adapters/look-for-space.ts'
import type { Examine } from '../../ports/examination.ts'

/** A folder: it can be written, and there is space. One that is not there is not made: whoever runs the server is to own it. */
export const examineFolder: Examine<{ readonly path: string; readonly reserve: number }> = async (
  { path, reserve },
  found,
) => {
  const there = nearest(path)
  try {
    await tryWriting(there)
  } catch (error) {
    const mend = `Make it writable for who runs the server (\`chown -R USER ${there}\`), or name another in ${found.variable}.`
    found.fail(error instanceof Error ? error.message : String(error), mend)
    return
  }
  found.fact(there === path ? `${path} can be written` : `${path} is made at the first start`)
  await lookForSpace({ path: there, reserve }, found)
}

/** The folder for temporary files, which Soundlift does without: a container may have none that can be written. */
export const examineTemp: Examine<string> = async (path, found) => {
  try {
    await tryWriting(path)
    found.fact(`${path} can be written`)
  } catch {
    found.fact(`${path} can not be written, and is not needed`)
    return
  }
  await lookForSpace({ path, reserve: 0 }, found)
}

/** Rights alone do not tell: the file system may be read-only, or full. */
async function tryWriting(path: string): Promise<void> {
  const draft = await mkdtemp(join(path, '.doctor-'))
  try {
    await writeFile(join(draft, 'draft'), 'soundlift doctor', { flush: true })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** The folder itself, or the nearest above it that is there. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}
