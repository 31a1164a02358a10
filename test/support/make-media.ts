import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpeg } from './ffmpeg.ts'
import { mediaFolder } from './media-folder.ts'

/** Two voices that move and differ left and right, so that nothing is silent and a lost second is heard. */
const SOUND = 'aevalsrc=0.3*sin(440*PI*t*(1+t/60))|0.3*sin(660*PI*t*(1+t/40)):s=44100:c=stereo'
const PICTURE = 'testsrc=s=160x120:r=5'

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '96k']
const VORBIS = ['-c:a', 'libvorbis']
const MP3 = ['-c:a', 'libmp3lame', '-b:a', '96k']

/** A video (or a sound) as people send it: the extension, and FFmpeg's output options. */
interface Recipe {
  readonly ext: string
  readonly options: readonly string[]
  readonly picture: boolean
}
const video = (ext: string, ...options: string[]): Recipe => ({ ext, options, picture: true })
const sound = (ext: string, ...options: string[]): Recipe => ({ ext, options, picture: false })

/** The ordered table of input formats the tests go through. */
export const RECIPES = {
  mkv: video('mkv', ...X264, ...VORBIS),
  'mp4 with moov at the end': video('mp4', ...X264, ...AAC),
  'mp4 with moov in front': video('mp4', ...X264, ...AAC, '-movflags', '+faststart'),
  mov: video('mov', ...X264, ...AAC),
  webm: video('webm', '-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '100k', '-c:a', 'libopus'),
  avi: video('avi', '-c:v', 'mpeg4', ...MP3),
  ts: video('ts', ...X264, ...AAC),
  flv: video('flv', '-c:v', 'flv', ...MP3),
  wmv: video('wmv', '-c:v', 'wmv2', '-c:a', 'wmav2'),
  mp3: sound('mp3', ...MP3),
  m4a: sound('m4a', ...AAC),
  flac: sound('flac'),
  wav: sound('wav'),
  ogg: sound('ogg', ...VORBIS),
} as const satisfies Record<string, Recipe>
export type Kind = keyof typeof RECIPES

/** A file of this kind on disk, `seconds` long. */
export function media(kind: Kind, seconds = 3): Promise<string> {
  const { ext, options, picture }: Recipe = RECIPES[kind]
  return kept(`${kind.replaceAll(' ', '-')}-${seconds}.${ext}`, () => make(ext, options, picture, seconds))
}

/** A file that FFmpeg makes with these options, kept under this name; its extension says what it is. */
export function madeBy(name: string, args: readonly string[]): Promise<string> {
  return kept(name, async () => {
    const { bytes, log } = await ffmpeg([...args, name], {}, name)
    return bytes ?? fail(log)
  })
}

/** Three tracks of sound of one length: English as a low tone, German as a high one, one that names no language. */
export function threeTracks(): Promise<string> {
  const tone = (hertz: number) => ['-f', 'lavfi', '-t', '2', '-i', `sine=${hertz}:r=48000`]
  const maps = ['-map', '0', '-map', '1', '-map', '2', '-c:a', 'aac', '-b:a', '64k']
  const languages = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger']
  return madeBy('three-tracks.mkv', [...tone(300), ...tone(3000), ...tone(600), ...maps, ...languages])
}

/** A video without sound. */
export function muteVideo(): Promise<string> {
  return kept('mute.mkv', async () => {
    const { bytes, log } = await ffmpeg(
      ['-f', 'lavfi', '-t', '2', '-i', PICTURE, ...X264, 'out.mkv'],
      {},
      'out.mkv',
    )
    return bytes ?? fail(log)
  })
}

/**
 * A video as phones and cameras make them: a second of sound lies together, then a second of picture of 600 KB.
 * `fragments`: an index of its own for each second.
 */
export function soundInSeconds(kind: 'mov' | 'fragments', seconds = 30): Promise<string> {
  const fragments = ['-frag_duration', '1000000', '-movflags', 'empty_moov+default_base_moof']
  return kept(`sound-in-seconds-${kind}-${seconds}.mov`, async () => {
    const picture = ['-f', 'lavfi', '-t', `${seconds}`, '-i', 'color=s=640x480:r=1']
    const sound = ['-f', 'lavfi', '-t', `${seconds}`, '-i', SOUND, ...AAC]
    const raw = ['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422', ...(kind === 'mov' ? [] : fragments)]
    const { bytes, log } = await ffmpeg([...picture, ...sound, ...raw, 'out.mov'], {}, 'out.mov')
    return bytes ?? fail(log)
  })
}

/** A file of exactly these bytes. */
export function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  return kept(name, async () => Buffer.from(bytes))
}

/** The first `share` (0 to 1) of a file: an upload or a recording that broke off. */
export async function truncated(kind: Kind, share: number, seconds = 20): Promise<string> {
  const whole = await readFile(await media(kind, seconds))
  return fileOf(
    `cut-${share}-${kind.replaceAll(' ', '-')}.${RECIPES[kind].ext}`,
    whole.subarray(0, whole.length * share),
  )
}

/** A file whose bytes between `from` and `to` (shares, 0 to 1) are noise. The same noise every time. */
export async function damaged(kind: Kind, from: number, to: number, seconds = 20): Promise<string> {
  const bytes = Buffer.from(await readFile(await media(kind, seconds)))
  let seed = 1
  for (let at = Math.floor(bytes.length * from); at < bytes.length * to; at++) {
    seed = (seed * 48_271) % 0x7fffffff
    bytes[at] = seed & 0xff
  }
  return fileOf(`damaged-${from}-${to}-${kind.replaceAll(' ', '-')}.${RECIPES[kind].ext}`, bytes)
}

/** A long recording that is made in no time: 4 kHz, one channel, 8 bit. Converting it takes seconds. */
export function longWav(minutes: number): Promise<string> {
  return kept(`long-${minutes}.wav`, async () => {
    const rate = 4000
    const samples = Buffer.alloc(rate * 60 * minutes)
    for (let at = 0; at < samples.length; at++)
      samples[at] = 128 + 80 * Math.sin((at * (200 + (at >> 13))) / rate)
    return Buffer.concat([wavHeader(samples.length, rate), samples])
  })
}

/** Header of a WAV file: PCM, one channel, 8 bit (RIFF, WAVE_FORMAT_PCM). */
function wavHeader(bytes: number, rate: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + bytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(bytes, 40)
  return header
}

async function make(ext: string, options: readonly string[], picture: boolean, seconds: number) {
  const length = ['-t', `${seconds}`]
  const inputs = [
    ...length,
    '-f',
    'lavfi',
    '-i',
    SOUND,
    ...(picture ? [...length, '-f', 'lavfi', '-i', PICTURE] : []),
  ]
  const name = `out.${ext}`
  const { bytes, log } = await ffmpeg([...inputs, ...options, name], {}, name)
  return bytes ?? fail(log)
}

function fail(log: readonly string[]): never {
  throw new Error(`FFmpeg could not make a test file:\n${log.slice(-5).join('\n')}`)
}

/** Makes a file once per run. Written aside and renamed: another process may want the same one now. */
async function kept(name: string, bytes: () => Promise<Uint8Array>): Promise<string> {
  const path = join(mediaFolder(), name)
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}`
    await writeFile(draft, await bytes())
    await rename(draft, path)
  }
  return path
}
