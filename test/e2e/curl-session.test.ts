import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { present } from '../support/announce-absent.ts'
import { curl, nameOf } from '../support/curl.ts'
import { judge } from '../support/judge.ts'
import { idIn } from '../support/mail-receiver.ts'
import { soundlift } from '../support/program.ts'
import { testVideo } from '../support/test-video.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()
const HOST = 'http://mp3converter.com'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soundlift-curl-'))
  await copyFile(await testVideo(), join(folder, 'test.mkv'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.skipIf(!present('curl'))(
  'the three literal curl commands turn test.mkv into an MP3',
  async ({ server, mail, admin }) => {
    expect(admin.token).not.toBe('')
    const there = nameOf('mp3converter.com', server.url)
    // Too weak for /register; `user add` takes it with a warning.
    const account = ['user', 'add', 'alice@example.com', '--password', 'devops']
    await soundlift(account, { env: server.settings })

    const login = await curl(
      [...there, '-X', 'POST', `${HOST}/login`, '-u', 'alice@example.com:devops'],
      folder,
    )
    expect(login.out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const token = login.out

    const upload = ['-X', 'POST', '-F', 'file=@./test.mkv', '-H', `Authorization: Bearer ${token}`]
    expect((await curl([...there, ...upload, `${HOST}/upload`], folder)).out).toBe('success!')

    const received = await mail.nextMail('alice@example.com')
    expect(received.parsed.subject).toBe('MP3 Download')
    const fid = idIn(received)

    // Two spaces after Bearer: so it stands in the session of old.
    const download = ['--output', 'abc.mp3', '-X', 'GET', '-H', `Authorization: Bearer  ${token}`]
    const third = await curl([...there, ...download, `${HOST}/download?fid=${fid}`], folder)
    expect(third).toEqual({ code: 0, out: '', err: '' })

    const mp3 = await readFile(join(folder, 'abc.mp3'))
    const verdict = await judge(mp3)
    expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2, bitrate: 128_000 })
    expect(Math.abs(verdict.seconds - 71.06)).toBeLessThan(0.3)
    expect(verdict.peak).toBeGreaterThan(0.05)
    expect(mp3.length / verdict.seconds / (128_000 / 8)).toBeCloseTo(1, 1)
  },
)

// Decoders that share nothing with the one inside.
for (const [name, args] of [
  ['ffmpeg', ['-v', 'error', '-i', 'abc.mp3', '-f', 'null', '-']],
  ['mpg123', ['--quiet', '--test', 'abc.mp3']],
] as const) {
  it.skipIf(!present(name))(`the result decodes with ${name}, without a complaint`, () => {
    const { status, stderr } = spawnSync(name, args, { cwd: folder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
}
