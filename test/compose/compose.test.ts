import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { curl } from '../support/curl.ts'
import { judge } from '../support/judge.ts'
import { ROOT } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testVideo } from '../support/test-video.ts'
import { until } from '../support/wait.ts'
import { type Installation, install } from './installation.ts'

const LOGIN = 'alice@example.com:devops-2026'
const ACCOUNT = JSON.stringify({ email: 'alice@example.com', password: 'devops-2026' })
const JSON_TYPE = ['-H', 'Content-Type: application/json']
let installation: Installation

beforeAll(async () => {
  installation = await install()
  return installation.remove
}, 1_200_000)

it('one command brings up everything; three curl commands turn test.mkv into an MP3', async () => {
  await installation.up('default')
  const { url } = installation
  const folder = await temporaryFolder()
  await copyFile(await testVideo(), join(folder, 'test.mkv'))
  await register()

  const { out: token } = await curl(['-X', 'POST', `${url}/login`, '-u', LOGIN])
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  const form = ['-X', 'POST', '-F', 'file=@./test.mkv', '-H', `Authorization: Bearer ${token}`]
  expect((await curl([...form, `${url}/upload`], folder)).out).toBe('success!')

  const fid = await until('the outbox tells the id', () => idInOutbox('test.mp3'), 240_000)
  const download = ['--output', 'abc.mp3', '-X', 'GET', '-H', `Authorization: Bearer  ${token}`]
  const third = await curl([...download, `${url}/download?fid=${fid}`], folder)
  expect(third).toEqual({ code: 0, out: '', err: '' })

  const verdict = await judge(await readFile(join(folder, 'abc.mp3')))
  expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2, bitrate: 128_000 })
  expect(Math.abs(verdict.seconds - 71.06)).toBeLessThan(0.3)
})

it('every health check says so', allHealthy)

it('s3, on what was kept: four commands, and the link is opened from outside of the network', async () => {
  await installation.down()
  await installation.up('s3')
  const { url } = installation
  const folder = await temporaryFolder()
  const pdf = Buffer.from('%PDF-1.7\nany bytes will do\n')
  await writeFile(join(folder, 'test.pdf'), pdf)

  const account = ACCOUNT.replace('alice', 'bob')
  const registered = await curl(['-X', 'POST', `${url}/register`, ...JSON_TYPE, '-d', account])
  expect(JSON.parse(registered.out)).toMatchObject({ message: 'User registered successfully' })
  const { token } = JSON.parse((await curl(['-X', 'POST', `${url}/login`, ...JSON_TYPE, '-d', account])).out)
  const authorization = ['-H', `Authorization: Bearer ${token}`]
  const raw = ['-H', 'Content-Type: application/octet-stream', '--data-binary', '@test.pdf']
  const upload = ['-X', 'POST', `${url}/upload?filename=test.pdf`, ...authorization, ...raw]
  const { fileId } = JSON.parse((await curl(upload, folder)).out)
  const link = JSON.parse((await curl([`${url}/file/${fileId}`, ...authorization])).out)

  expect(new URL(link.url).port).not.toBe(new URL(url).port)
  const opened = await fetch(link.url)
  expect(opened.status).toBe(200)
  expect(Buffer.from(await opened.arrayBuffer())).toEqual(pdf)
  expect((await fetch(link.url.replace(/\?.*/, ''))).status).toBe(403)

  const before = await curl(['-X', 'POST', `${url}/login`, '-u', LOGIN])
  expect(before.out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  await allHealthy()
})

it('mysql and s3: accounts and deliveries in the one, bytes in the other', async () => {
  await installation.down()
  await installation.up('mysql,s3')
  await register() // PostgreSQL has her, MariaDB has not
  const { url } = installation
  const folder = await temporaryFolder()
  await copyFile(`${ROOT}samples/hello.mkv`, join(folder, 'hello.mkv'))
  const { out: token } = await curl(['-X', 'POST', `${url}/login`, '-u', LOGIN])
  const upload = ['-X', 'POST', '-F', 'file=@./hello.mkv', '-H', `Authorization: Bearer ${token}`]
  expect((await curl([...upload, `${url}/upload`], folder)).out).toBe('success!')
  await until('the outbox tells the id', () => idInOutbox('hello.mp3'), 240_000)

  const count = (table: string) =>
    `mariadb --user=soundlift --password="$(cat /secrets/mysql)" -Ne "select count(*) from ${table}" soundlift`
  const rows = (table: string) => installation.exec('mysql', 'sh', '-c', count(table))
  expect(await rows('soundlift_accounts')).toBe('1')
  expect(await rows('soundlift_deliveries')).toBe('1')
  expect(await installation.exec('minio', 'find', '/data/soundlift', '-name', 'xl.meta')).not.toBe('')
  await allHealthy()
})

async function allHealthy(): Promise<void> {
  await expect.poll(installation.unhealthy, { timeout: 240_000, interval: 1_000 }).toEqual([])
}

async function register(): Promise<void> {
  const { out } = await curl(['-X', 'POST', ...JSON_TYPE, '-d', ACCOUNT, `${installation.url}/register`])
  expect(JSON.parse(out)).toMatchObject({ message: 'User registered successfully' })
}

/** No mail server is there: `soundlift outbox` shows what is kept. */
async function idInOutbox(name: string): Promise<string | undefined> {
  const said = await installation.exec('notification', 'soundlift', 'outbox')
  return new RegExp(`kept +alice@example\\.com +${name}, id ([0-9a-f]{24})`).exec(said)?.[1]
}
