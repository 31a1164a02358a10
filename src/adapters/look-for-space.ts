import { statfs } from 'node:fs/promises'
import { formatSize } from '../kit/units.ts'
import type { Examine } from '../ports/examination.ts'

/** Bytes below which a disk is soon full, and below which work already fails. */
const LITTLE = 1024 ** 3
const NONE = 100 * 1024 ** 2
/** Of the inodes of a file system. */
const SHARE = 0.01

/** The space that is left on the disk of a folder. `reserve`: bytes below which uploads are refused, DISK_RESERVE. */
export const lookForSpace: Examine<{ readonly path: string; readonly reserve: number }> = async (
  { path, reserve },
  found,
) => {
  const { bavail, bsize, files, ffree } = await statfs(path)
  const free = bavail * bsize
  const text = `${formatSize(free)} free`
  const mend = `Free space on the disk of ${path}, set RESULT_RETENTION, or move the bytes by BLOBS_URL.`
  if (free < reserve) found.fail(`${text}, less than DISK_RESERVE: uploads are refused`, mend)
  else if (free < NONE) found.fail(text, mend)
  else if (free < LITTLE) found.warn(text, mend)
  else found.fact(text)
  if (files > 0 && ffree / files < SHARE) found.warn('less than 1 % of the inodes are free', mend)
}
