import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, it as plainIt, test } from 'vitest'
import { converted, newPerson } from '../support/client.ts'
import { doctor } from '../support/doctor.ts'
import { freePort } from '../support/free-port.ts'
import { media } from '../support/make-media.ts'
import type { Env } from '../support/program.ts'
import { soundlift } from '../support/program.ts'
import { startServer } from '../support/server.ts'
import { openSpoilingProxy, type Spoiling } from '../support/spoiling-proxy.ts'
import { one } from '../support/topologies.ts'

const tags = ['topology-one']
const JWT_SECRET = 'of all the secrets this one is the longest'

/* One process whose auth and notification service have ports too, with a file in it. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads out of this pattern what is asked for
const it = test.extend('place', { scope: 'file' }, async ({}, { onCleanup }) => {
  const [auth, notification] = [await freePort(), await freePort()]
  const ports = { AUTH_PORT: `${auth}`, NOTIFICATION_PORT: `${notification}` }
  const server = await startServer({ JWT_SECRET, ...ports }, one)
  onCleanup(() => server.remove())
  await converted(await newPerson(server.url), await media('m4a'))
  const ways = { AUTH_URL: `http://127.0.0.1:${auth}`, NOTIFICATION_URL: `http://127.0.0.1:${notification}` }
  const settings: Env = { DATA_DIR: server.dataDir, JWT_SECRET }
  return { server, settings, ways }
})

it('all is well beside a running server, and nothing is left behind', { tags }, async ({ place }) => {
  const { server, settings, ways } = place
  const before = (await readdir(server.dataDir, { recursive: true }))
    .filter((name) => !/\.db|outbox/.test(name))
    .sort()
  const { code, err, part, parts } = await doctor(
    { ...settings, ...ways, PUBLIC_URL: server.url },
    '--slow',
    '2s',
  )
  expect(parts.filter(({ state }) => state !== 'well')).toEqual([])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(part('users').facts).toContain('tables up to date')
  expect(part('engine').facts.join()).toMatch(/FFmpeg.* 5\.1\.4, LAME 3\.100,.*constant.*variable/)
  for (const name of ['auth', 'notification']) expect(part(name).facts).toContain('it has our JWT_SECRET')
  expect(Math.abs(part('auth').clockAhead ?? Number.NaN)).toBeLessThan(3_000)
  expect([...part('public URL').facts].sort()).toEqual([
    'answers Range with 206',
    'it has our JWT_SECRET',
    'reached',
    'takes a slow upload for 2 s',
    'takes uploads of 10 GB',
  ])
  const after = (await readdir(server.dataDir, { recursive: true }))
    .filter((name) => !/\.db|outbox/.test(name))
    .sort()
  expect(after).toEqual(before)
})

it('people read a line a part, and what mends it below', { tags }, async ({ place }) => {
  const { out, code } = await soundlift(['doctor', 'gateway'], { env: {} })
  expect({ out, code }).toEqual({ out: '', code: 78 })
  const env = { ...place.settings, SMTP_URL: 'smtp://127.0.0.1:1' }
  const told = await soundlift(['doctor'], { env })
  expect(told.code).toBe(1)
  expect(told.out).toMatch(/^✓ users {9}SQLite .*\(\d+ ms\)$/m)
  expect(told.out).toMatch(/^✗ mail {10}.*ECONNREFUSED.*\n {4}→ Mend SMTP_URL/m)
})

it('another JWT_SECRET is found by all three', { tags }, async ({ place }) => {
  const { settings, ways, server } = place
  const env = {
    ...settings,
    ...ways,
    PUBLIC_URL: server.url,
    JWT_SECRET: 'a secret that nobody else has got',
  }
  const { code, wrong } = await doctor(env, '--slow', '1s')
  expect(code).toBe(1)
  for (const name of ['auth', 'notification', 'public URL'])
    expect(wrong(name)).toMatch(/JWT_SECRET is another.* → Give .* the same JWT_SECRET/)
})

it.for<[string, Spoiling, RegExp]>([
  ['a cap of bodies', { bodyCap: 9 * 1024 ** 2 }, /413 to 10 GB.*takes 8 MB.* → .*client_max_body_size 0/],
  [
    'slow bodies cut',
    { bodyTimeout: 1_500 },
    /slow upload is answered 408 after \d.*→ .*client_body_timeout/,
  ],
  ['Range dropped', { dropsRange: true }, /Range is answered with 200.* → /],
  ['a clock an hour ahead', { clockAhead: 3_600_000 }, /clock is 3(599|600|601) s ahead of ours → .*NTP/],
])('PUBLIC_URL: %s', { tags }, async ([, spoiling, says], { place }) => {
  const proxy = await openSpoilingProxy(place.server.url, spoiling)
  onTestFinished(() => proxy.close())
  const { code, wrong, part } = await doctor({ ...place.settings, PUBLIC_URL: proxy.url }, '--slow', '3s')
  expect(code).toBe(1)
  expect(wrong('public URL')).toMatch(says)
  expect(part('public URL').findings.length).toBe(1)
})

plainIt('a data folder that can not be is told, and none is made', { tags }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-doctor-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'file'), '')
  const below = await doctor({ DATA_DIR: join(folder, 'file', 'data') })
  expect(below.code).toBe(1)
  expect(below.wrong('data folder')).toMatch(/ENOTDIR.* → Make it writable .*DATA_DIR/)
  expect((await doctor({ DATA_DIR: join(folder, 'data') })).code).toBe(0)
  expect(await readdir(folder)).toEqual(['file'])
})
