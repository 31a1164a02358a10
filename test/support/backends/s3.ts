import { join } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll } from 'vitest'
import { freePort } from '../free-port.ts'
import { until } from '../wait.ts'
import { folderOf, type OwnServer, serverFolder, startOwnServer } from './own-server.ts'
import { type Owned, ownName } from './owned.ts'

export interface S3Backend {
  /** The URL of an own bucket that does not exist yet; it is emptied and removed when the tests end. */
  url(options?: Readonly<Record<string, string>>): Promise<string>
  /** A client for what `url` names, with the name of the bucket. */
  look(url: string): { s3: S3; bucket: string }
  /** A server of one's own, for tests that end or damage it. It ends with the tests at the latest. */
  start(): Promise<Minio>
}

/** A MinIO started by the tests. */
export interface Minio extends OwnServer {
  readonly endpoint: string
}

/** Milliseconds within which a started server answers, and one that runs already. */
const START = 30_000
const PROBE = 1_000
const STANDARD = 'http://127.0.0.1:9000'
const USER = 'soundlift'
const PASSWORD = 'soundlift-test'

/** True when the tests can have a server: one that runs, or a minio to start. */
export async function s3IsThere(): Promise<boolean> {
  return minioIsThere() || (await runningS3()) !== undefined
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
  const find = async () => (await runningS3()) ?? urlOf((await start()).endpoint)
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return {
    start,
    look: (url) => ({ s3: clientOf(url), bucket: new URL(url).hostname }),
    async url(options = {}) {
      server ??= find()
      const { url, drop } = bucketOn(await server, options)
      cleanups.push(drop)
      return url
    },
  }
}

/** A bucket of one's own, to be made by whoever opens it, on the server that runs. */
export async function s3Bucket(): Promise<Owned> {
  const server = await runningS3()
  if (server === undefined) throw new Error('no S3 server runs')
  return bucketOn(server)
}

function bucketOn(server: string, options: Readonly<Record<string, string>> = {}): Owned {
  const url = new URL(server.replace(/^(s3:\/\/(?:[^/?]*@)?)[^/?]*/, `$1${ownName('-')}`))
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
  return { url: url.href, drop: () => removeBucket(url.href) }
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

/** The bytes of the first thousand objects. */
export async function bytesInBucket(url: string): Promise<number> {
  const s3 = clientOf(url)
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: new URL(url).hostname })
  s3.destroy()
  return Contents.reduce((sum, { Size = 0 }) => sum + Size, 0)
}

async function removeBucket(url: string): Promise<void> {
  const s3 = clientOf(url)
  const Bucket = new URL(url).hostname
  try {
    for (;;) {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket })
      if (Contents.length === 0) break
      const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]))
      await s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } })
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
export async function runningS3(): Promise<string | undefined> {
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

function minioPath(): string | undefined {
  const folder = folderOf('minio')
  return folder && join(folder, 'minio')
}

/** A server of one's own outside of a group of tests; whoever starts it stops it. */
export async function startMinio(): Promise<Minio> {
  const command = minioPath()
  if (command === undefined) throw new Error('there is no minio on PATH')
  const folder = await serverFolder('minio')
  const address = `127.0.0.1:${await freePort()}`
  const endpoint = `http://${address}`
  const login = { MINIO_ROOT_USER: USER, MINIO_ROOT_PASSWORD: PASSWORD, MINIO_BROWSER: 'off' }
  const env = { PATH: process.env['PATH'], HOME: folder, ...login }
  const args = ['server', folder, '--address', address, '--quiet']
  const ready = () => until('minio answers', async () => (await answers(endpoint)) || undefined, START)
  const server = await startOwnServer({ folder, command, args, env, ready })
  return Object.assign(server, { endpoint })
}
