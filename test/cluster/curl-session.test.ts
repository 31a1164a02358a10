import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { curl, nameOf } from '../support/curl.ts'
import { judge } from '../support/judge.ts'
import { idIn } from '../support/mail-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testVideo } from '../support/test-video.ts'
import { until } from '../support/wait.ts'
import { LONG } from './installation.ts'
import { ADMIN } from './overlay.ts'
import { it } from './with-installation.ts'

const HOST = 'http://mp3converter.com'

it('the three literal curl commands, through the NodePort', async ({ installation }) => {
  const { url, mail } = installation
  const folder = await temporaryFolder()
  await copyFile(await testVideo(), join(folder, 'test.mkv'))
  const there = nameOf('mp3converter.com', url)
  const say = (...args: readonly string[]) => curl([...there, ...args], folder)

  const { out: token } = await say('-X', 'POST', `${HOST}/login`, '-u', `${ADMIN.email}:${ADMIN.password}`)
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)

  const form = ['-X', 'POST', '-F', 'file=@./test.mkv', '-H', `Authorization: Bearer ${token}`]
  expect((await say(...form, `${HOST}/upload`)).out).toBe('success!')

  const received = await until('the mail', () => mail.mailsTo(ADMIN.email)[0], LONG)
  expect(received.parsed.subject).toBe('MP3 Download')
  const fid = idIn(received)
  expect(received.parsed.text).toContain(`${HOST}/`)

  const download = ['--output', 'abc.mp3', '-X', 'GET', '-H', `Authorization: Bearer  ${token}`]
  expect(await say(...download, `${HOST}/download?fid=${fid}`)).toEqual({ code: 0, out: '', err: '' })
  const verdict = await judge(await readFile(join(folder, 'abc.mp3')))
  expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2, bitrate: 128_000 })
  expect(Math.abs(verdict.seconds - 71.06)).toBeLessThan(0.3)
})
