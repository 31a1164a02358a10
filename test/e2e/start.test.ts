import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { launch, PROGRAM, soundlift } from '../support/program.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

/** Starts a server that must not start; it is given 10 s to say so. */
async function refusedStart(env: Readonly<Record<string, string>>) {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('it did not end')), 10_000).unref()
  })
  return Promise.race([soundlift(['serve'], { env }), late])
}

it('says where it listens, where its data lies and what to type next, also into a pipe', {
  tags: ['topology-one'],
}, async ({ server }) => {
  const said = server.lines.join('\n')
  expect(said).toContain(server.url)
  expect(said).toContain(server.dataDir)
  for (const word of ['/register', '/login', '/upload', '/download', 'samples/hello.mkv'])
    expect(said).toContain(word)
})

it('the C library may keep freed memory for two threads, not for all', {
  tags: ['topology-one'],
}, async ({ server }) => {
  const environment = (await readFile(`/proc/${server.pid}/environ`, 'utf8')).split('\0')
  expect(environment).toContain('MALLOC_ARENA_MAX=2')
})

it('/healthz and /readyz', async ({ server }) => {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${server.url}/readyz`)
  expect(JSON.parse(await ready.text())).toMatchObject({ status: 'ready', checks: expect.any(Object) })
})

it('a taken port is named, with how to choose another', async ({ server }) => {
  const taken = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { code, out, err } = await refusedStart({ DATA_DIR: join(server.dataDir, 'other'), PORT: `${port}` })
  expect(code).toBe(69)
  expect(out + err).toContain(`${port}`)
  expect(out + err).toMatch(/another program/)
  expect(out + err).toMatch(/PORT/)
  expect(out + err).not.toMatch(/\bat .*\.ts:\d+/)
})

it('a data folder that can not be written is named', async ({ server }) => {
  const file = join(server.dataDir, 'a-file')
  await writeFile(file, '')
  const { code, out, err } = await refusedStart({ DATA_DIR: join(file, 'x'), PORT: `${await freePort()}` })
  expect(code).toBe(73)
  expect(out + err).toContain(join(file, 'x'))
  expect(out + err).toMatch(/DATA_DIR/)
})

it('a second process on the same folder is refused', { tags: ['topology-one'] }, async ({ server }) => {
  const { code, out, err } = await refusedStart({ DATA_DIR: server.dataDir, PORT: `${await freePort()}` })
  expect(code).toBe(75)
  expect(out + err).toContain(server.dataDir)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

it('every malformed variable is told at once, with an example, and no secret', async () => {
  const { code, out, err } = await refusedStart({
    PORT: 'eighty',
    UPLOAD_LIMIT: 'much',
    LEASE: 'long',
    USERS_URL: 'ftp://alice:hush-hush@somewhere',
    JWT_SECRET_FILE: '/nowhere/secret',
  })
  expect(code).toBe(78)
  for (const name of ['PORT', 'UPLOAD_LIMIT', 'LEASE', 'USERS_URL', 'JWT_SECRET_FILE'])
    expect(out + err).toContain(name)
  expect(out + err).toContain('eighty')
  expect(out + err).not.toContain('hush-hush')
})

it('a service alone names what it needs', async () => {
  const { code, out, err } = await soundlift(['serve', 'gateway'], {})
  expect(code).toBe(78)
  for (const name of ['AUTH_URL', 'LIBRARY_URL', 'BLOBS_URL', 'BROKER_URL']) expect(out + err).toContain(name)
})

it('says what it waits for, and ends at once when it is told to', async () => {
  const port = await freePort()
  const env = {
    USERS_URL: `postgres://nobody@127.0.0.1:${port}/none`,
    JWT_SECRET: 'one that nobody else knows at all',
    PORT: `${await freePort()}`,
  }
  const program = launch(process.execPath, [PROGRAM, 'serve', 'auth'], { env })
  await until('it waits', () => program.lines.find((line) => /waiting.*users/.test(line)))
  expect(program.lines.join('\n')).toContain(`127.0.0.1:${port}`)
  const told = performance.now()
  program.signal('SIGTERM')
  expect(await program.exit).toEqual({ code: 0, signal: null })
  expect(performance.now() - told).toBeLessThan(10_000)
})
