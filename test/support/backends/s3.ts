import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll } from 'vitest'
import { until } from '../wait.ts'

export interface S3Backend {
  /** The URL of an own bucket that does not exist yet; it is emptied and removed when the tests end. */
  url(options?: Readonly<Record<string, string>>): Promise<string>
  /** A client for what `url` names, with the name of the bucket. */
  look(url: string): { s3: S3; bucket: string }
  /** A server of one's own, for tests that end or damage it. It ends with the tests at the latest. */
  start(): Promise<Minio>
}

/** A MinIO started by the tests. */
export interface Minio {
  readonly endpoint: string
  readonly process: ChildProcess
  /** Where it keeps its data. */
  readonly folder: string
  stop(): Promise<void>
}

/** Milliseconds within which a started server answers, and one that runs already. */
const START = 30_000
const PROBE = 1_000
const STANDARD = 'http://127.0.0.1:9000'
const USER = 'soundlift'
const PASSWORD = 'soundlift-test'

/** True when the tests can have a server: one that runs, or a minio to start. */
export async function s3IsThere(): Promise<boolean> {
  return minioIsThere() || (await findRunning()) !== undefined
}

/** True when the tests can have servers of their own. */
export const minioIsThere = (): boolean => minioPath() !== undefined

/** S3 for a file or a group of tests: call it where they are described. */
export function s3Backend(): S3Backend {
  let server: Promise<string> | undefined
  const cleanups: (() => Promise<void>)[] = []
  const start = async () => {
    const minio = await startMinio()
    cleanups.push(minio.stop)
    return minio
  }
  const find = async () => (await findRunning()) ?? urlOf((await start()).endpoint)
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return {
    start,
    look: (url) => ({ s3: clientOf(url), bucket: new URL(url).hostname }),
    async url(options = {}) {
      server ??= find()
      const bucket = `soundlift-test-${randomBytes(6).toString('hex')}`
      const url = new URL((await server).replace(/^(s3:\/\/(?:[^/?]*@)?)[^/?]*/, `$1${bucket}`))
      for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
      cleanups.push(() => removeBucket(url.href))
      return url.href
    },
  }
}

/** The URL of a server with a bucket that nobody uses. */
export function urlOf(endpoint: string, user = USER, password = PASSWORD, bucket = 'soundlift-test'): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return `s3://${login}@${bucket}?endpoint=${encodeURIComponent(endpoint)}`
}

function clientOf(url: string): S3 {
  const { username, password, searchParams } = new URL(url)
  const endpoint = searchParams.get('endpoint')
  const region = searchParams.get('region') ?? process.env['AWS_REGION'] ?? 'us-east-1'
  const [accessKeyId, secretAccessKey] = [decodeURIComponent(username), decodeURIComponent(password)]
  return new S3({
    region,
    ...(endpoint && { endpoint, forcePathStyle: searchParams.get('pathStyle') !== 'false' }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey } }),
  })
}

async function removeBucket(url: string): Promise<void> {
  const s3 = clientOf(url)
  const Bucket = new URL(url).hostname
  try {
    for (;;) {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket })
      if (Contents.length === 0) break
      for (const { Key } of Contents) await s3.deleteObject({ Bucket, Key })
    }
    const { Uploads = [] } = await s3.listMultipartUploads({ Bucket })
    for (const { Key, UploadId } of Uploads) await s3.abortMultipartUpload({ Bucket, Key, UploadId })
    await s3.deleteBucket({ Bucket })
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchBucket')) throw error
  } finally {
    s3.destroy()
  }
}

/** TEST_S3_URL, else a MinIO on its standard port with its standard login. */
async function findRunning(): Promise<string | undefined> {
  const given = process.env['TEST_S3_URL']
  if (given) return given
  const url = urlOf(STANDARD, 'minioadmin', 'minioadmin')
  if (!(await answers(STANDARD))) return undefined
  const s3 = clientOf(url)
  const found = await s3.listBuckets().then(
    () => url,
    () => undefined,
  )
  s3.destroy()
  return found
}

async function answers(endpoint: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE)
  return fetch(`${endpoint}/minio/health/ready`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** A minio on PATH, or among the servers that may lie beside the checkout. */
function minioPath(): string | undefined {
  const beside = resolve('../shared/bin/servers')
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  if (!folders.some(hasMinio) && existsSync(beside)) {
    folders.push(execFileSync(beside, ['minio'], { encoding: 'utf8' }).trim())
  }
  const folder = folders.find(hasMinio)
  return folder && join(folder, 'minio')
}

function hasMinio(folder: string): boolean {
  try {
    accessSync(join(folder, 'minio'), constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function startMinio(): Promise<Minio> {
  const path = minioPath()
  if (path === undefined) throw new Error('there is no minio on PATH')
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-minio-'))
  const address = `127.0.0.1:${await freePort()}`
  const login = { MINIO_ROOT_USER: USER, MINIO_ROOT_PASSWORD: PASSWORD, MINIO_BROWSER: 'off' }
  const child = spawn(path, ['server', folder, '--address', address, '--quiet'], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: folder, ...login },
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  const stop = async () => {
    kill()
    await ended
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  const endpoint = `http://${address}`
  try {
    await until('minio answers', async () => (await answers(endpoint)) || undefined, START)
  } catch (error) {
    await stop()
    throw error
  }
  return { endpoint, process: child, folder, stop }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
