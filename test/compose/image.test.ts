import { chown, copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { newPerson } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { PRODUCT } from '../support/images.ts'
import { judge } from '../support/judge.ts'
import { ROOT } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'
import { LOCKED, podman, productImage } from './podman.ts'

const MB = 1_000_000
const USER = 10_001

beforeAll(productImage, 1_200_000)

const inspect = (format: string) => podman('image', 'inspect', PRODUCT, '--format', format)

it('is small, and belongs to a user who is nobody', async () => {
  expect(Number(await inspect('{{.Size}}'))).toBeLessThan(350 * MB)
  expect(await inspect('{{.Config.User}}')).toBe(`${USER}:${USER}`)
})

it('holds what is needed and no more', async () => {
  const look = (script: string) => podman('run', '--rm', '--entrypoint=sh', PRODUCT, '-c', script)
  expect((await look('ls -A /app')).split('\n').sort()).toEqual(
    ['.cache', 'LICENSE', 'NOTICE', 'bin', 'deploy', 'node_modules', 'package.json', 'samples', 'src'].sort(),
  )
  expect(await look('command -v ffmpeg npm yarn gcc git || true')).toBe('')
  expect(await look('find /app/src -name "*.test.ts"; ls -d /app/node_modules/node-* || true')).toBe('')
})

it('converts without a network, a right or a place to write but the folder of the file', async () => {
  const folder = await temporaryFolder()
  await copyFile(`${ROOT}samples/hello.mkv`, join(folder, 'hello.mkv'))
  await chown(folder, USER, USER)
  const place = ['--network=none', '--volume', `${folder}:/work`, '--workdir=/work']
  await podman('run', '--rm', ...LOCKED, ...place, PRODUCT, 'convert', 'hello.mkv')
  const verdict = await judge(await readFile(join(folder, 'hello.mp3')))
  expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2 })
})

it('serves all four on one volume, tells its health, and ends gently', async () => {
  const [name, port] = [`soundlift-test-${process.pid}`, await freePort()]
  const place = ['--volume', `${name}:/data`, '--publish', `127.0.0.1:${port}:8080`]
  onTestFinished(async () => {
    await podman('rm', '--force', '--ignore', '--time=1', name)
    await podman('volume', 'rm', '--force', name)
  })
  await podman('run', '--detach', '--name', name, ...LOCKED, ...place, PRODUCT)
  const url = `http://127.0.0.1:${port}`
  await until('it answers', () => newPerson(url).catch(() => undefined))
  await podman('healthcheck', 'run', name)
  await podman('stop', '--time=30', name)
  expect(await podman('inspect', name, '--format', '{{.State.ExitCode}}')).toBe('0')
})
