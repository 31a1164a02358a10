import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { takeCoverFile } from './cover-file.ts'

it.each(['keep', 'drop', '0:42', '90'])('--cover %s belongs to the wish', async (cover) =>
  expect(await takeCoverFile({ title: 'T', cover })).toEqual({ wish: { title: 'T', cover } }),
)

it('--cover is a file where it is nothing else', async () => {
  const path = join(await temporaryFolder(), 'cover')
  await expect(takeCoverFile({ cover: path })).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' })
  await writeFile(path, 'GIF89a')
  await expect(takeCoverFile({ cover: path })).rejects.toThrow('is no JPEG or PNG of at most 5 MB and 4096')
  const png = Buffer.from(
    `89504e470d0a1a0a0000000d49484452${'00000040'.repeat(2)}08020000000000000000`,
    'hex',
  )
  await writeFile(path, png)
  expect(await takeCoverFile({ title: 'T', cover: path })).toEqual({
    wish: { title: 'T' },
    cover: { type: 'image/png', width: 64, height: 64, bytes: png },
  })
})
