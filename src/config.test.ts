import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { AppError } from './domain/errors.ts'

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
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
  it('takes the old names of a Gmail account', () => {
    expect(readConfig({ GMAIL_ADDRESS: 'me@gmail.com', GMAIL_PASSWORD: 'a b' }).mail).toEqual({
      url: 'smtp://me%40gmail.com:a%20b@smtp.gmail.com:587',
      from: 'me@gmail.com',
    })
  })
})
