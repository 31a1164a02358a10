/** @module-tag topology-one */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { coverOf } from '../support/cover-of.ts'
import { judge, packetHash } from '../support/judge.ts'
import { madeBy, media, threeTracks, truncated } from '../support/make-media.ts'
import { PROGRAM, ROOT, run, soundlift } from '../support/program.ts'

let folder: string
let name: string

/** A folder with one video in it, where the person stands. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soundlift-convert-'))
  const video = await media('mkv')
  name = basename(video, '.mkv')
  await writeFile(join(folder, `${name}.mkv`), await readFile(video))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
})

const convert = (...args: string[]) => soundlift(['convert', ...args], { env: { INIT_CWD: folder } })
const inFolder = (path: string) => readFile(join(folder, path))
const list = async () => (await readdir(folder)).sort()

it('puts an MP3 beside the video, and says so in plain lines', async () => {
  const { code, out, err } = await convert(`${name}.mkv`)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain(`${name}.mp3`)
  expect(out).not.toContain('\u001b')
  expect(out).not.toContain('\r')
  expect(await judge(await inFolder(`${name}.mp3`))).toMatchObject({
    codec: 'mp3',
    channels: 2,
    sampleRate: 44_100,
  })
})

it('works as npm run convert from another folder', async () => {
  const args = ['--prefix', ROOT, 'run', '--silent', 'convert', '--', `${name}.mkv`, '-f', 'wav']
  const { code, err } = await run('npm', args, { cwd: folder })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(await judge(await inFolder(`${name}.wav`))).toMatchObject({ codec: 'pcm_s16le' })
})

it('-f, -b and -o choose format, bitrate and name', async () => {
  const { code } = await convert(`${name}.mkv`, '-f', 'mp3', '-b', '192k', '-o', 'other.mp3')
  expect(code).toBe(0)
  expect(await judge(await inFolder('other.mp3'))).toMatchObject({ bitrate: 192_000 })
})

it('-o is a folder when it is one, or when there are several inputs', async () => {
  await mkdir(join(folder, 'there'))
  expect((await convert(`${name}.mkv`, '-o', 'there')).code).toBe(0)
  await writeFile(join(folder, 'second.mkv'), await inFolder(`${name}.mkv`))
  expect((await convert(`${name}.mkv`, 'second.mkv', '-o', 'made')).code).toBe(0)
  expect(await readdir(join(folder, 'there'))).toEqual([`${name}.mp3`])
  expect((await readdir(join(folder, 'made'))).sort()).toEqual([`${name}.mp3`, 'second.mp3'])
})

it('--dry-run tells tracks, plan and size, and writes nothing', async () => {
  const before = await list()
  const { code, out } = await convert(`${name}.mkv`, '-n', '-b', '96k', '-o', 'new/one.mp3')
  expect(code).toBe(0)
  expect(out).toContain('track 1: vorbis, 44100 Hz, 2 channels, taken')
  expect(out).toMatch(/one\.mp3: encoded as mp3 at 96k, about 3[5-7](\.\d)? KB/)
  expect((await convert(`${name}.mkv`, '-n', '-f', 'ogg')).out).toContain('copied as it is')
  expect((await convert(`${name}.mkv`, '-n', '--track', '7')).code).not.toBe(0)
  expect(await list()).toEqual(before)
})

it('--track all gives a result for each, named after it; several are named', async () => {
  await writeFile(join(folder, 'talk.mkv'), await readFile(await threeTracks()))
  const all = await convert('talk.mkv', '--track', 'all')
  expect(all).toMatchObject({ code: 0, err: '' })
  const made = ['talk.1.eng.mp3', 'talk.2.ger.mp3', 'talk.3.mp3']
  expect((await list()).filter((each) => each.endsWith('.mp3'))).toEqual(made)
  const hashes = await Promise.all(made.map(async (each) => packetHash(await inFolder(each))))
  expect(new Set(hashes).size).toBe(3)

  const some = await convert(
    'talk.mkv',
    '--track',
    'de',
    '--track',
    '3',
    '--track',
    '2',
    '-o',
    'new/some.m4a',
  )
  expect(some).toMatchObject({ code: 0, err: '' })
  expect((await readdir(join(folder, 'new'))).sort()).toEqual(['some.2.ger.m4a', 'some.3.m4a'])
  const alone = await convert('talk.mkv', '--track', 'ger', '-f', 'm4a')
  expect(alone.code).toBe(0)
  expect((await inFolder('new/some.2.ger.m4a')).equals(await inFolder('talk.m4a'))).toBe(true)
})

it('a track that is not there is told with those that are, and nothing is made', async () => {
  await writeFile(join(folder, 'talk.mkv'), await readFile(await threeTracks()))
  const before = await list()
  const { code, err } = await convert('talk.mkv', '--track', '1,fra')
  expect(code).toBe(65)
  expect(err).toContain("no track of sound 'fra'")
  expect(err).toContain('1 (eng, aac, mono); 2 (ger, aac, mono); 3 (language unknown, aac, mono)')
  const dry = await convert('talk.mkv', '-n', '--track', '1,ger')
  expect(dry.out).toMatch(/track 1 \(eng\): .*, taken\n.*track 2 \(ger\): .*, taken\n.*track 3: .* channel\n/)
  expect(dry.out).toMatch(/talk\.1\.eng\.mp3: encoded.*\n.*talk\.2\.ger\.mp3: encoded/)
  expect(await list()).toEqual(before)
})

it('--cover puts a file or a frame into the result; --dry-run tells of it', async () => {
  const picture = await madeBy('cover-of-command.png', [
    ...['-f', 'lavfi', '-i', 'testsrc=s=64x48', '-frames:v', '1'],
  ])
  const cover = await readFile(picture)
  await writeFile(join(folder, 'cover.png'), cover)
  const dry = await convert(`${name}.mkv`, '-n', '--cover', 'cover.png')
  expect(dry.out).toContain('with a cover (PNG, 64x48)')
  expect((await convert(`${name}.mkv`, '--cover', 'cover.png')).code).toBe(0)
  expect((await coverOf(await inFolder(`${name}.mp3`)))?.equals(cover)).toBe(true)
  expect((await convert(`${name}.mkv`, '--cover', '0:01', '-f', 'opus')).code).toBe(0)
  expect((await coverOf(await inFolder(`${name}.opus`)))?.subarray(0, 2).toString('hex')).toBe('ffd8')
  expect((await convert(`${name}.mkv`, '-n', '--cover', '1:00')).err).toContain('No frame of the video')
  expect((await convert(`${name}.mkv`, '--cover', 'missing.png')).err).toContain(
    'as a file it can not be read',
  )
  expect((await convert(`${name}.mkv`, '--cover', `${name}.mkv`)).err).toContain('is no JPEG or PNG')
})

it('overwrites nothing without -y', async () => {
  await writeFile(join(folder, `${name}.mp3`), 'mine')
  const refused = await convert(`${name}.mkv`)
  expect(refused.code).toBe(73)
  expect(refused.err).toContain('-y')
  expect((await inFolder(`${name}.mp3`)).toString()).toBe('mine')
  expect((await convert(`${name}.mkv`, '-y')).code).toBe(0)
  expect((await inFolder(`${name}.mp3`)).length).toBeGreaterThan(1000)
})

it('one failure does not stop the others; the exit code is the first failure; no half file stays', async () => {
  await writeFile(join(folder, 'empty.mkv'), '')
  await writeFile(join(folder, 'text.mkv'), 'no video at all '.repeat(99))
  const before = await list()
  const { code, err } = await convert('empty.mkv', 'text.mkv', 'missing.mkv', `${name}.mkv`, '-o', '.')
  expect(code).toBe(65)
  expect(err).toMatch(/empty\.mkv.*empty/)
  expect(err).toContain('text.mkv')
  expect(err).toContain('missing.mkv')
  expect(await list()).toEqual([...before, `${name}.mp3`].sort())
  expect((await convert('missing.mkv')).code).toBe(66)
})

it('a disk that is full is named, and no half file stays', async ({ skip }) => {
  const mount = 'mount -t tmpfs -o size=64k none /mnt'
  if ((await run('unshare', ['-rm', 'sh', '-c', mount])).code !== 0) skip('no small disk can be mounted here')
  const script = `${mount} && "$@"; echo "code $?"; ls -A /mnt`
  const command = [PROGRAM, 'convert', join(folder, `${name}.mkv`), '-o', '/mnt/one.wav']
  const { out, err } = await run('unshare', ['-rm', 'sh', '-c', script, 'sh', process.execPath, ...command])
  expect(err).toContain('/mnt/one.wav can not be written: the disk is full')
  expect(out).toBe('code 74\n')
})

it('half a video gives half its sound, and says so', async () => {
  await writeFile(join(folder, 'cut.mkv'), await readFile(await truncated('mkv', 0.5)))
  const { code, out, err } = await convert('cut.mkv')
  expect(code).toBe(0)
  expect(out + err).toMatch(/partial|ends early/)
  expect((await judge(await inFolder('cut.mp3'))).seconds).toBeGreaterThan(5)
})

it('an unknown format lists the known ones; a wrong option is named', async () => {
  const format = await convert(`${name}.mkv`, '-f', 'mp7')
  expect(format.code).toBe(64)
  expect(format.err).toContain('mp3, m4a, opus, ogg, flac, wav')
  const option = await convert(`${name}.mkv`, '--louder')
  expect(option.code).toBe(64)
  expect(option.err).toContain('--louder')
  expect((await convert()).code).toBe(64)
})

it('--help goes to stdout, with exit 0', async () => {
  for (const args of [['convert', '--help'], ['--help'], ['serve', '--help'], ['user', '--help']]) {
    const { code, out, err } = await soundlift(args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('soundlift')
  }
})

it('--version tells the version, for people and for programs', async () => {
  const { version } = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8'))
  expect((await soundlift(['--version'])).out).toBe(`soundlift ${version}\n`)
  expect(JSON.parse((await soundlift(['--version', '--json'])).out)).toEqual({ version })
})

it('--json tells each file in one document: its receipt, or why not', async () => {
  const { code, out, err } = await convert(`${name}.mkv`, 'missing.mkv', '-o', 'told', '--json')
  expect(code).toBe(66)
  expect(err).toContain('missing.mkv')
  const [made, missing] = JSON.parse(out)
  expect(made).toMatchObject({ input: `${name}.mkv`, receipt: { result: { format: 'mp3' } } })
  expect(missing).toMatchObject({ input: 'missing.mkv', error: { code: 'INPUT_NOT_FOUND' } })
  const [dry] = JSON.parse((await convert(`${name}.mkv`, '-n', '--json')).out)
  expect(dry.preview).toMatchObject({ plan: { kind: 'encode' }, probed: { tracks: [{ number: 1 }] } })
})
