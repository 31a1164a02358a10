/** @module-tag topology-one */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { appendFile, copyFile, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { as, bearer, converted, download, ended, newPerson, type Person, upload } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { isReady } from '../support/is-ready.ts'
import { media } from '../support/make-media.ts'
import { launch, PROGRAM, ROOT } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

const MB = 1024 ** 2
const SIZE = 64 * MB
const HELLO = `${ROOT}samples/hello.mkv`
/** A file system of its own in a namespace of its own: it goes with the process, also without a root's rights. */
const OWN_DISK = ['-rm', 'sh', '-c', `mount -t tmpfs -o size=${SIZE} none "$0" && exec "$@"`]
const mayMount = spawnSync('unshare', [...OWN_DISK, '/mnt', 'true']).status === 0
const NO_DISK = 'no small disk can be mounted here'

/** The product on a small disk. `folder` is its DATA_DIR as we see it. */
async function onSmallDisk(reserve: string) {
  const dataDir = await temporaryFolder()
  const PORT = `${await freePort()}`
  const env = { DATA_DIR: dataDir, PORT, DISK_RESERVE: reserve }
  const args = [...OWN_DISK, dataDir, process.execPath, PROGRAM, 'serve']
  const program = launch('unshare', args, { env })
  onTestFinished(async () => {
    program.signal('SIGKILL')
    await program.exit
  })
  const url = `http://127.0.0.1:${PORT}`
  await until('it is ready', async () => (await isReady(url)) || undefined)
  return { url, program, folder: `/proc/${program.pid}/root${dataDir}` }
}

/** Bytes of unknown length, as a raw file. */
async function sendRaw(person: Person, bytes: number): Promise<{ status: number; wait: boolean }> {
  const pieces = async function* () {
    for (let sent = 0; sent < bytes; sent += MB) yield Buffer.alloc(MB, 'x')
  }
  const body = ReadableStream.from(pieces())
  const init = { method: 'POST', headers: bearer(person), body, duplex: 'half' } as const
  const answer = await fetch(`${person.url}/upload?filename=a.bin`, init)
  await answer.text()
  return { status: answer.status, wait: Number(answer.headers.get('retry-after')) > 0 }
}

/** Writes until nothing more goes in. */
async function fill(path: string): Promise<void> {
  for (const bytes of [MB, 4096, 1]) {
    while (await appendFile(path, Buffer.alloc(bytes)).then(yes, no));
  }
}
const yes = () => true
const no = () => false

const unfinished = (folder: string) => readdirSync(`${folder}/blobs/videos/.unfinished`)
const LATER = { status: 503, wait: true }

it('uploads leave a part of the disk free, in which the rest goes on', async ({ skip }) => {
  skip(!mayMount, NO_DISK)
  const { url, folder } = await onSmallDisk('24MB')
  const person = await newPerson(url)
  expect(await sendRaw(person, 48 * MB)).toEqual(LATER)
  expect(unfinished(folder)).toEqual([])
  expect((await converted(person, HELLO)).state).toBe('done')
  const declared = new FormData()
  declared.set('file', new Blob([Buffer.alloc(60 * MB)]), 'a.mkv')
  const refused = await as(person, '/v1/conversions', { method: 'POST', body: declared })
  expect(refused.status).toBe(507)
  expect(await refused.json()).toMatchObject({ code: 'STORAGE_FULL', status: 507 })
})

it('a disk that is full to the last byte is survived, and free again needs no restart', async ({ skip }) => {
  skip(!mayMount, NO_DISK)
  const { url, folder, program } = await onSmallDisk('0')
  const person = await newPerson(url)
  const before = await converted(person, HELLO)
  const filler = `${folder}/filler`
  await appendFile(filler, Buffer.alloc(30 * MB))
  expect(await sendRaw(person, 40 * MB)).toEqual(LATER)
  expect(unfinished(folder)).toEqual([])

  const { conversionId } = await upload(person, await media('wav', 60)) // its result waits for room
  await fill(filler)
  expect(await sendRaw(person, MB)).toEqual(LATER)
  expect(unfinished(folder)).toEqual([])
  expect((await download(person, before.result?.id ?? '')).length).toBe(before.result?.size)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)

  await rm(filler)
  expect((await ended(person, conversionId, 90_000)).state).toBe('done')
  expect((await converted(person, HELLO)).state).toBe('done')
  const disk = await open(folder) // keeps it after its last process
  program.signal('SIGTERM')
  expect((await program.exit).code).toBe(0)
  const copy = join(await temporaryFolder(), 'soundlift.db')
  await copyFile(`/proc/self/fd/${disk.fd}/soundlift.db`, copy)
  await disk.close()
  const database = new DatabaseSync(copy)
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  database.close()
})
