import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFiles } from '../../src/adapters/blobs/files.ts'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { blobsContract } from '../contract/blobs.ts'

const logger = silentLogger()
const INFO = { fileId: '0123456789abcdef01234567', fileName: 'a.mp3', contentType: 'audio/mpeg' }
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'soundlift-blobs-'))
})
afterAll(() => rm(root, { recursive: true }))

blobsContract('files', () => openFiles(join(root, 'contract')))

describe('files', () => {
  it('keeps every key inside its folder', async () => {
    const folder = join(root, 'inside', 'store')
    const blobs = await openFiles(folder)
    for (const key of ['../../out', '/etc/out', '..', '.', 'a\\b', 'ü/ß', 'nul\0']) {
      const writer = await blobs.create(key, INFO)
      await writer.commit()
      expect(await blobs.size(key)).toBe(0)
    }
    expect(await readdir(join(root, 'inside'))).toEqual(['store'])
    expect(await readdir(root)).not.toContain('out')
  })

  it('leaves no file behind after an abort or a failed write', async () => {
    const folder = join(root, 'aborted')
    const blobs = await openFiles(folder)
    const writer = await blobs.create('x', INFO)
    await writer.write(new Uint8Array(10))
    await writer.abort()
    expect(await readdir(join(folder, '.unfinished'))).toEqual([])
  })

  it('takes a folder away again that only a long key needed', async () => {
    const folder = join(root, 'long')
    const blobs = await openFiles(folder)
    const key = 'k'.repeat(600)
    await (await blobs.create(key, INFO)).commit()
    const [shard = ''] = (await readdir(folder)).filter((name) => name !== '.unfinished')
    expect(await readdir(join(folder, shard))).toHaveLength(1)
    await blobs.remove(key)
    expect(await readdir(join(folder, shard))).toEqual([])
  })

  it('names a full disk STORAGE_FULL, and goes on when there is space again', async ({ skip }) => {
    const disk = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=256k none /mnt'])
    if (disk.status !== 0) skip('no small disk can be mounted here')
    const script = `
      import { openFiles } from '${resolve('src/adapters/blobs/files.ts')}'
      const blobs = await openFiles('/mnt/blobs')
      const info = ${JSON.stringify(INFO)}
      const full = await blobs.create('full', info)
      await full.write(new Uint8Array(1024 * 1024)).catch((error) => console.log(error.code))
      await full.abort()
      const next = await blobs.create('next', info)
      await next.write(new Uint8Array(1024))
      console.log(await next.commit())`
    const node = `mount -t tmpfs -o size=256k none /mnt && exec "$0" --input-type=module -e "$1"`
    const run = spawnSync('unshare', ['-rm', 'sh', '-c', node, process.execPath, script], {
      encoding: 'utf8',
    })
    expect(run.stdout).toBe('STORAGE_FULL\n1024\n')
  })

  it('ping fails when its folder has gone', async () => {
    const blobs = await openFiles(join(root, 'away'))
    await rm(join(root, 'away'), { recursive: true })
    await expect(blobs.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})

describe('openBlobs', () => {
  it.each([
    ['file:', () => join(root, 'data', 'blobs', 'mp3s')],
    ['file:PATH', () => join(root, 'elsewhere', 'mp3s')],
    ['file://PATH', () => join(root, 'elsewhere', 'mp3s')],
  ])('finds the folder of %s', async (pattern, folder) => {
    const url = pattern.replace('PATH', join(root, 'elsewhere'))
    const blobs = await openBlobs({ url, sub: 'mp3s', dataDir: join(root, 'data'), logger })
    expect((await stat(folder())).isDirectory()).toBe(true)
    await blobs.close()
  })

  it('reads what an earlier process wrote', async () => {
    const settings = { url: 'file:', sub: 'videos', dataDir: join(root, 'twice'), logger } as const
    const first = await openBlobs(settings)
    const writer = await first.create('kept', INFO)
    await writer.write(Buffer.from('kept'))
    await writer.commit()
    await first.close()
    expect(await text(await (await openBlobs(settings)).read('kept'))).toBe('kept')
  })

  it('names the scheme it does not know', async () => {
    const opening = openBlobs({ url: 'gopher://x', sub: 'videos', dataDir: root, logger })
    await expect(opening).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('gopher:'),
    })
  })

  it('fails when the folder can not be made', async () => {
    await writeFile(join(root, 'taken'), '')
    await expect(
      openBlobs({ url: `file:${join(root, 'taken')}`, sub: 'videos', dataDir: root, logger }),
    ).rejects.toThrow()
  })
})
