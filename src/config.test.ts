import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Role, readConfig } from './config.ts'
import { AppError } from './domain/errors.ts'

function mistakesOf(env: Record<string, string>, role?: Role): readonly string[] {
  try {
    readConfig(env, role)
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return (error.errors ?? []).map(({ field, text }) => `${field} ${text}`)
  }
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      ports: { gateway: 8080, auth: undefined },
      registration: 'open',
    })
    expect(config.limits).toMatchObject({
      upload: 10 * 1024 ** 3,
      stallTimeout: 60_000,
      jobTimeout: 21_600_000,
    })
    expect(config.stores).toMatchObject({ users: 'sqlite:', videos: 'file:', mp3s: 'file:' })
  })
  it('keeps files as long as their kind says, else as long as RETENTION does', () => {
    const day = 86_400_000
    expect(readConfig({}).retention).toEqual({})
    expect(readConfig({ RETENTION: '30d', SOURCE_RETENTION: '1d' }).retention).toEqual({
      source: day,
      result: 30 * day,
    })
    expect(readConfig({ HISTORY_RETENTION: '365d' }).retention).toEqual({ history: 365 * day })
  })
  it('tells every mistake at once: what, why, which variable, an example', () => {
    const mistakes = mistakesOf({
      PORT: 'eighty',
      UPLOAD_LIMIT: '10 apples',
      SMTP_URL: 'mail.example.com',
      USERS_URL: 'oracle://x',
      REGISTRATION: 'maybe',
      TRUST_PROXY: '10.0.0.0/99',
    })
    expect(mistakes).toHaveLength(6)
    expect(mistakes.join('\n')).toContain(
      "PORT 'eighty' is not a port from 0 to 65535; for example PORT=8080",
    )
    expect(mistakes.join('\n')).toContain("UPLOAD_LIMIT '10 apples' is not a size")
    expect(mistakes.join('\n')).toContain("REGISTRATION 'maybe' is none of open, closed")
  })
  it('does not repeat a secret', () => {
    expect(mistakesOf({ SMTP_URL: 'imap://me:hush@example.com' }).join()).not.toContain('hush')
  })
  it('ignores what Kubernetes injects', () => {
    expect(readConfig({ AUTH_PORT: 'tcp://10.0.0.1:5000' }).ports.auth).toBeUndefined()
  })
  it('reads a secret from a mounted file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'soundlift-'))
    writeFileSync(join(folder, 'secret'), 'from the file\n')
    expect(readConfig({ JWT_SECRET_FILE: join(folder, 'secret') }).jwtSecret).toBe('from the file')
    rmSync(folder, { recursive: true })
    expect(mistakesOf({ JWT_SECRET_FILE: join(folder, 'secret') })[0]).toContain(
      'JWT_SECRET_FILE can not be read',
    )
  })
  it('takes the URL of MongoDB Atlas, and one of several hosts', () => {
    for (const url of [
      'mongodb+srv://me:secret@cluster0.abcde.mongodb.net/sound?retryWrites=true&w=majority',
      'mongodb://a:1,b:2,c:3/sound?replicaSet=rs0',
    ]) {
      expect(readConfig({ USERS_URL: url, LIBRARY_URL: url }).stores).toMatchObject({
        users: url,
        library: url,
      })
    }
  })
  it('takes the names of the originals', () => {
    const auth = { MYSQL_HOST: 'db', MYSQL_USER: 'auth_user', MYSQL_PASSWORD: 'p@ss', MYSQL_DB: 'auth' }
    expect(readConfig({ ...auth, MYSQL_PORT: '3307' }).stores.users).toBe(
      'mysql://auth_user:p%40ss@db:3307/auth',
    )
    expect(readConfig({ ...auth, MYSQL_PORT: 'tcp://10.0.0.1:3306' }).stores.users).toContain('@db/auth')
    const psql = { DATABASE_HOST: 'pg', DATABASE_NAME: 'auth', DATABASE_USER: 'me', PSQL_PASSWORD: 'hush' }
    expect(readConfig(psql).stores.users).toBe('postgres://me:hush@pg/auth')
    const file = { MONGO_URI: 'mongodb+srv://me:hush@cluster0.abcde.mongodb.net/app', AWS_BUCKET_NAME: 'up' }
    expect(readConfig(file).stores).toMatchObject({
      users: file.MONGO_URI,
      library: file.MONGO_URI,
      videos: 's3://up',
      mp3s: 's3://up',
    })
  })
  it('lets a gateway and a converter of the originals start on their settings', () => {
    const uris = {
      MONGODB_VIDEOS_URI: 'mongodb://m:27017/videos',
      MONGODB_MP3S_URI: 'mongodb://m:27017/mp3s',
    }
    const theirs = { brokerUrl: 'amqp://guest:guest@rabbitmq:5672', stores: { mp3s: uris.MONGODB_MP3S_URI } }
    const ours = { JWT_SECRET: 'sarcasm', NOTIFICATION_URL: 'http://notification:8082' }
    const gateway = readConfig({ ...uris, ...ours, AUTH_SVC_ADDRESS: 'auth:5000' }, 'gateway')
    expect(gateway).toMatchObject({ ...theirs, authUrl: 'http://auth:5000' })
    expect(readConfig({ ...uris, VIDEO_QUEUE: 'v' }, 'converter')).toMatchObject({
      ...theirs,
      queues: { video: 'v', mp3: 'mp3' },
    })
  })
  it('prefers its own names, and tells mistakes under the name that was set', () => {
    const own = { USERS_URL: 'sqlite:/tmp/users.db', MYSQL_HOST: 'db' }
    expect(readConfig(own).stores.users).toBe(own.USERS_URL)
    expect(mistakesOf({ MONGODB_VIDEOS_URI: 'localhost' })[0]).toMatch(/^MONGODB_VIDEOS_URI .*mongodb:/)
  })
  it('needs neither a broker nor SQL for auth and gateway alone', () => {
    const pair = { BROKER_URL: 'off', MONGO_URI: 'mongodb://m/app', AWS_BUCKET_NAME: 'up', JWT_SECRET: 's' }
    expect(readConfig({ ...pair, AUTH_LOCAL: '1' }, 'gateway')).toMatchObject({
      brokerUrl: null,
      authLocal: true,
    })
    expect(mistakesOf(pair, 'gateway')).toEqual([expect.stringMatching(/^AUTH_URL must name/)])
    expect(mistakesOf(pair, 'converter')).toEqual([expect.stringMatching(/^BROKER_URL is off/)])
    expect(mistakesOf(pair, 'auth')).toEqual([])
  })
  it('measures a service alone, and one process where it is asked to', () => {
    const alone = { USERS_URL: 'postgres://p/u', JWT_SECRET: 's' }
    expect(readConfig(alone, 'auth').metrics).toEqual({ port: 9090, given: false })
    expect(readConfig({ ...alone, METRICS_PORT: 'off' }, 'auth').metrics).toBeNull()
    expect(readConfig({}).metrics).toBeNull()
    expect(readConfig({ METRICS_PORT: '9000' }).metrics).toEqual({ port: 9000, given: true })
    expect(mistakesOf({ METRICS_PORT: 'on' })).toEqual([expect.stringMatching(/^METRICS_PORT .*not a port/)])
  })
  it('takes the old names of a Gmail account', () => {
    expect(readConfig({ GMAIL_ADDRESS: 'me@gmail.com', GMAIL_PASSWORD: 'a b' }).mail).toEqual({
      url: 'smtp://me%40gmail.com:a%20b@smtp.gmail.com:587',
      from: 'me@gmail.com',
    })
  })
})
