import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { describe, expect, onTestFinished } from 'vitest'
import { mongodbBackend, mongodIsThere } from '../support/backends/mongodb.ts'
import { administrator, as, download, ended, expectStatus, newPerson, sendJson } from '../support/client.ts'
import { damageOriginal, putOriginal } from '../support/originals.ts'
import { soundlift } from '../support/program.ts'
import { startServer } from '../support/server.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()
const UNKNOWN = '0123456789abcdef01234567'
/** As long as three chunks of GridFS and a bit; the store does not care what it is. */
const sound = () => Buffer.concat([Buffer.from('ID3'), randomBytes(800_000)])

describe.skipIf(!mongodIsThere())('files of the originals', () => {
  const mongodb = mongodbBackend()
  /** A server of the originals' own, with the files each test needs. */
  const originals = async () => {
    const server = await mongodb.start('standalone')
    onTestFinished(() => server.stop())
    const [hers, nobodys, damaged] = [sound(), sound(), sound()]
    const ids = {
      hers: await putOriginal(server.url, 'mp3s', hers),
      nobodys: await putOriginal(server.url, 'mp3s', nobodys),
      damaged: await putOriginal(server.url, 'mp3s', damaged),
      video: await putOriginal(server.url, 'videos', await readFile('samples/hello.mkv')),
    }
    await damageOriginal(server.url, 'mp3s', ids.damaged)
    return { url: server.url, ids, hers, nobodys }
  }

  it('are copied, and reached by their owner and by administrators alone', async ({
    server,
    admin,
    alice,
    bob,
  }) => {
    const { url, ids, hers, nobodys } = await originals()
    const owners = join(server.dataDir, 'owners.csv')
    await writeFile(owners, `file id,email\r\n${ids.hers.toUpperCase()},${alice.email.toUpperCase()}\r\n`)
    const env = server.settings
    const importFiles = () => soundlift(['import-files', '--from', url, '--owners', owners], { env })
    expect(await importFiles()).toEqual({
      code: 1,
      out: '3 imported, 0 already there, 1 refused\n',
      err: expect.stringContaining(`mp3s ${ids.damaged}: `),
    })

    const answer = await as(admin, `/download?fid=${ids.nobodys}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('audio/mpeg')
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename=${ids.nobodys}.mp3`)
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), nobodys)).toBe(0)
    expect(Buffer.compare(await download(alice, ids.hers), hers)).toBe(0)
    expect(Buffer.compare(await download(admin, ids.hers), hers)).toBe(0)
    for (const [person, id] of [
      [alice, ids.nobodys],
      [bob, ids.nobodys],
      [bob, ids.hers],
      [bob, ids.video],
      [admin, ids.damaged],
    ] as const) {
      const refused = await as(person, `/download?fid=${id}`)
      expect([refused.status, await refused.text()]).toEqual([404, 'file not found'])
    }
    expect(await (await as(alice, '/v1/files')).json()).toMatchObject({
      items: [{ id: ids.hers, name: `${ids.hers}.mp3`, kind: 'result', format: 'mp3' }],
    })

    const wanted = await sendJson(admin, 'POST', '/v1/conversions', { fileId: ids.video })
    const { id } = JSON.parse(await expectStatus(wanted, 202))
    expect(await ended(admin, id)).toMatchObject({ state: 'done', source: { name: `${ids.video}.mkv` } })

    expect((await importFiles()).out).toBe('0 imported, 3 already there, 1 refused\n')
    expect(Buffer.compare(await download(alice, ids.hers), hers)).toBe(0)
  })

  it('stay where they are when Soundlift stores there itself', async ({ mail }) => {
    const { url, ids, nobodys } = await originals()
    const server = await startServer({ VIDEOS_URL: url, MP3S_URL: url, SMTP_URL: mail.url })
    onTestFinished(() => server.remove())
    const [admin, bob] = [await administrator(server), await newPerson(server.url)]
    const client = new MongoClient(url)
    onTestFinished(() => client.close())
    const files = () => client.db('mp3s').collection('fs.files').find().toArray()
    const before = await files()
    const imported = await soundlift(['import-files', '--from', url], { env: server.settings })
    expect(imported.out).toBe('3 imported, 0 already there, 1 refused\n')
    expect(await files()).toEqual(before)
    expect(Buffer.compare(await download(admin, ids.nobodys), nobodys)).toBe(0)
    expect((await as(bob, `/download?fid=${ids.nobodys}`)).status).toBe(404)
    const part = await as(admin, `/download?fid=${ids.nobodys}`, {
      headers: { range: 'bytes=300000-300009' },
    })
    expect(Buffer.from(await part.arrayBuffer())).toEqual(nobodys.subarray(300_000, 300_010))
  })

  it('wait for an owner who has no account yet', async ({ server, admin }) => {
    const { url, ids, hers } = await originals()
    const email = 'late@example.com'
    const owners = join(server.dataDir, 'late.csv')
    await writeFile(owners, `${ids.hers},${email}\n`)
    const env = server.settings
    const importFiles = () => soundlift(['import-files', '--from', url, '--owners', owners], { env })
    const first = await importFiles()
    expect(first.out).toBe('2 imported, 0 already there, 2 refused\n')
    expect(first.err).toContain(`mp3s ${ids.hers}: Its owner ${email} has no account.`)
    expect((await as(admin, `/download?fid=${ids.hers}`)).status).toBe(404)
    const late = await newPerson(server.url, email)
    expect((await importFiles()).out).toBe('1 imported, 2 already there, 1 refused\n')
    expect(Buffer.compare(await download(late, ids.hers), hers)).toBe(0)
  })
})

it('says what is wrong with the file of owners, line by line, and imports nothing', async ({ server }) => {
  const owners = join(server.dataDir, 'wrong.csv')
  await writeFile(owners, `id,e-mail\n${UNKNOWN},a@example.com\nnot an id,a@example.com\n${UNKNOWN},nobody\n`)
  const importFiles = (path: string, url = 'mongodb://127.0.0.1:1') =>
    soundlift(['import-files', '--from', url, '--owners', path], { env: server.settings })
  const wrong = await importFiles(owners)
  expect(wrong.code).toBe(65)
  expect(wrong.err.match(/line \d/g)).toEqual(['line 3', 'line 4'])
  expect((await importFiles(`${owners}.not`)).code).toBe(66)
  await writeFile(owners, '')
  expect((await importFiles(owners, 'mysql://127.0.0.1/x')).code).toBe(78)
})
