import { AppError } from '../domain/errors.ts'
import type { Engine } from './ffmpeg/engine.ts'
import { NOTES, SOURCE } from './ffmpeg/protocol.ts'
import { INPUT_LIMITS, QUIET } from './ffmpeg/whitelist.ts'
import type { About } from './tags/about.ts'
import { readNotes } from './tags/read-notes.ts'

/** What a source says of itself, and of the track that is converted. */
export interface Probe extends Description {
  /** Seconds, of the audio track where the container tells it, else of the whole; null when unknown or a guess. */
  readonly duration: number | null
  readonly track: AudioTrack
}

/** What a source says of itself. */
export interface Description {
  /** The engine's name of the container, such as `matroska,webm`. */
  readonly container: string
  /** Seconds of the whole; null when unknown or a guess. */
  readonly duration: number | null
  /** bit/s of the whole file. */
  readonly bitrate: number | null
  /** Tags and chapters. */
  readonly about: About
  /** The tracks of sound that can be decoded, in order; at least one. */
  readonly tracks: readonly AudioTrack[]
  /** Tracks of picture, in order: videos and covers. */
  readonly pictures: readonly PictureTrack[]
  /** See `openToDecode`. */
  readonly hasPlainEdits: boolean
}

export interface PictureTrack {
  /** Its place among all tracks of the file. */
  readonly index: number
  readonly codec: string
  /** Is it one picture, a cover? */
  readonly isAttached: boolean
}

export interface AudioTrack {
  /** Its place among all tracks of the file. */
  readonly index: number
  /** Its place among the tracks of sound, from 1. */
  readonly number: number
  /** As the file gives it, ISO 639; null when it does not. */
  readonly language: string | null
  readonly isDefault: boolean
  readonly codec: string
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
  /** bit/s; null when the container does not say. */
  readonly bitrate: number | null
  /** Seconds, where the container tells it of each track. */
  readonly duration: number | null
  /** True for samples of more than 16 bits that are whole numbers. */
  readonly deep: boolean
}

/** Options that open the source. */
export const OPEN_SOURCE: readonly string[] = [...INPUT_LIMITS, '-i', SOURCE]

/**
 * Where the edits of an MP4 are plain, its demuxer need not lay a second table of all samples beside the first. Samples
 * are the same then, packets are not: those before the beginning are cut off by other means.
 */
const PLAIN_EDITS = ['-advanced_editlist', '0']

/** Options that open the source to decode it. */
export const openToDecode = ({ hasPlainEdits }: Pick<Description, 'hasPlainEdits'>): readonly string[] => [
  ...(hasPlainEdits ? PLAIN_EDITS : []),
  ...OPEN_SOURCE,
]

const NOTING = ['-f', 'ffmetadata', NOTES]

/** Looks at the source; MEDIA_UNREADABLE, MEDIA_NO_AUDIO or MEMORY_LIMIT when there is nothing to convert. */
export async function probe(
  engine: Engine,
  source: Pick<Description, 'hasPlainEdits'>,
): Promise<Description> {
  const { hasPlainEdits } = source
  const { log, notes } = await engine.run([...QUIET, ...openToDecode(source), ...NOTING])
  return { ...readProbe(log), about: readNotes(notes), hasPlainEdits }
}

const LINE = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(\w+)\] (.*)$/
const INPUT = /^Input #0, (\S+), from /
const DURATION = /^ {2}Duration: (\S+), .*bitrate: (?:(\d+) kb\/s|N\/A)/
const STREAM = /^ {2}Stream #0:(\d+)(?:\[0x[0-9a-f]+\])?(?:\((\w+)\))?: (\w+): (.*)$/
const TRACK_DURATION = /^ {6}DURATION\s*: (\S+)$/
const GUESSED = 'Estimating duration from bitrate'

/**
 * Reads the engine's description of its input. Values of the file's own tags stand behind `name :` and deeper,
 * so no tag can pass for a line that is looked for here.
 */
export function readProbe(log: readonly string[]): Omit<Description, 'about' | 'hasPlainEdits'> {
  const lines = log.map((line) => LINE.exec(line)?.[2] ?? '')
  const container = first(lines, INPUT)?.[1]
  if (!container) throw unreadable(log)
  const [, clock = '', total] = first(lines, DURATION) ?? []
  const guessed = lines.some((line) => line.includes(GUESSED))
  return {
    container,
    duration: guessed ? null : seconds(clock),
    bitrate: total ? Number(total) * 1000 : null,
    tracks: readTracks(lines).map((track) => (guessed ? { ...track, duration: null } : track)),
    pictures: lines.flatMap(readPictureTrack),
  }
}

function readPictureTrack(line: string): PictureTrack[] {
  const [, index, , type, rest = ''] = STREAM.exec(line) ?? []
  const codec = /^\w+/.exec(rest)?.[0] ?? 'none'
  return type === 'Video'
    ? [{ index: Number(index), codec, isAttached: rest.includes('(attached pic)') }]
    : []
}

function readTracks(lines: readonly string[]): AudioTrack[] {
  const audio = lines.flatMap((line, place) => {
    const [, index, language, type, rest = ''] = STREAM.exec(line) ?? []
    return type === 'Audio' ? [{ index: Number(index), language, rest, behind: lines.slice(place + 1) }] : []
  })
  if (audio.length === 0) throw new AppError('MEDIA_NO_AUDIO')
  const tracks = audio.flatMap(({ index, language, rest, behind }, place) => {
    const sound = readSound(rest)
    if (!sound) return []
    const named = { index, number: place + 1, language: language && language !== 'und' ? language : null }
    return [{ ...named, ...sound, isDefault: rest.includes('(default)'), duration: trackDuration(behind) }]
  })
  if (tracks.length > 0) return tracks
  throw new AppError('MEDIA_UNREADABLE', 'The sound of the file is in a form that can not be read.')
}

type Sound = Pick<AudioTrack, 'codec' | 'sampleRate' | 'channels' | 'bitrate' | 'deep'>

/** `aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 128 kb/s (default)` */
function readSound(description: string): Sound | undefined {
  const codec = /^\w+/.exec(description)?.[0]
  const [, rate, layout = ''] = /, (\d+) Hz, ([^,]+)/.exec(description) ?? []
  if (!codec || codec === 'none' || !rate || Number(rate) === 0) return undefined
  const kilobits = /, (\d+) kb\/s/.exec(description)?.[1]
  return {
    codec,
    sampleRate: Number(rate),
    channels: countChannels(layout),
    bitrate: kilobits ? Number(kilobits) * 1000 : null,
    deep: /, s32p?\b/.test(description),
  }
}

const LAYOUTS: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  downmix: 2,
  quad: 4,
  hexagonal: 6,
  octagonal: 8,
}

/** `5.1(side)` has six channels. */
function countChannels(layout: string): number {
  const [, front, low] = /^(\d+)\.(\d+)/.exec(layout) ?? []
  if (front && low) return Number(front) + Number(low)
  const counted = /^(\d+) channels/.exec(layout)?.[1]
  return counted ? Number(counted) : (LAYOUTS[/^\w+/.exec(layout)?.[0] ?? ''] ?? 2)
}

/** The DURATION tag that Matroska keeps for each track: it stands before the next track's line. */
function trackDuration(lines: readonly string[]): number | null {
  for (const line of lines) {
    if (STREAM.test(line)) return null
    const clock = TRACK_DURATION.exec(line)?.[1]
    if (clock) return seconds(clock)
  }
  return null
}

/** `00:01:11.06` → 71.06; null for `N/A` and for nonsense. */
function seconds(clock: string): number | null {
  const [, hours, minutes, rest] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(clock) ?? []
  return rest ? Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) : null
}

function first(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  return lines.map((line) => pattern.exec(line)).find((match) => match !== null) ?? undefined
}

/** Ogg keeps its tags with the track; everywhere else they were noted with the description. */
export async function describeTrack(engine: Engine, probed: Probe): Promise<Probe> {
  if (probed.container !== 'ogg') return probed
  const of = ['-map_metadata', `0:s:${probed.track.index}`]
  const { notes } = await engine.run([...QUIET, ...OPEN_SOURCE, ...of, ...NOTING])
  return { ...probed, about: readNotes(notes) }
}

/** True when the engine ran into its memory limit. */
export function outOfMemory(log: readonly string[]): boolean {
  return log.some((line) => line.includes('Cannot allocate memory'))
}

function unreadable(log: readonly string[]): AppError {
  if (outOfMemory(log)) return new AppError('MEMORY_LIMIT')
  if (log.some((line) => line.includes('moov atom not found'))) {
    return new AppError(
      'MEDIA_UNREADABLE',
      'The file is cut off: the part that describes its content (moov) is missing.',
    )
  }
  return new AppError('MEDIA_UNREADABLE')
}
