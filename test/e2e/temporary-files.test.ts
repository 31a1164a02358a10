/** @module-tag topology-one */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import {
  as,
  converted,
  ended,
  expectStatus,
  halfway,
  inState,
  newPerson,
  type Person,
  upload,
} from '../support/client.ts'
import { fileOf, longWav, media, muteVideo } from '../support/make-media.ts'
import { startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

/** Node's own folder of compiled scripts, which stays. */
const COMPILED = 'node-compile-cache'

/** A server whose temporary folder is nobody else's. */
async function stage() {
  const temporary = join(await temporaryFolder(), 'tmp')
  await mkdir(temporary)
  const server = await startServer({ TMPDIR: temporary })
  onTestFinished(() => server.remove())
  const left = async () => (await readdir(temporary)).filter((name) => name !== COMPILED)
  return { server, left, person: await newPerson(server.url) }
}

/** Fails until the stores hold what the list of files tells, and nothing beside it. */
async function nothingBesideFiles(person: Person, storedBytes: () => Promise<number>): Promise<void> {
  const list = await expectStatus(await as(person, '/v1/files?limit=100'), 200)
  const { items }: { items: { size: number }[] } = JSON.parse(list)
  const told = items.reduce((sum, { size }) => sum + size, 0)
  await until(
    `the stores hold ${told} bytes`,
    async () => (await storedBytes()) === told || undefined,
    10_000,
  )
}

it('no conversion leaves a temporary file, however it ends: done, failed, cancelled or killed', async () => {
  const { server, left, person } = await stage()
  const video = await media('wmv')
  const copied = await media('mp3')
  const inBlocks = await longWav(8)
  const done = await Promise.all([
    ...['m4a', 'opus', 'ogg', 'flac', 'wav'].map((format) => converted(person, video, { format })),
    ...[copied, inBlocks].map((path) => converted(person, path)),
  ])
  for (const { state } of done) expect(state).toBe('done')
  const failed = [await muteVideo(), await fileOf('letter.mkv', 'this is no video'.repeat(1_000))]
  for (const path of failed) expect((await converted(person, path)).state).toBe('failed')
  for (const format of ['mp3', 'flac']) {
    const { conversionId: id } = await upload(person, await longWav(240), { format })
    await until(
      `a part of ${format}`,
      async () => (await inState(person, id, ['running'])).progress || undefined,
    )
    await as(person, `/v1/conversions/${id}/cancel`, { method: 'POST' })
    expect((await ended(person, id)).state).toBe('cancelled')
  }
  await nothingBesideFiles(person, () => server.storedBytes())
  expect(await left()).toEqual([])

  await halfway(person, await longWav(60))
  expect(await left()).toEqual([])
  await server.kill()
  expect(await left()).toEqual([])
})
