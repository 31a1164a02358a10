import { AppError } from '../domain/errors.ts'
import type { Engine } from './ffmpeg/engine.ts'
import { SOURCE } from './ffmpeg/protocol.ts'
import { INPUT_LIMITS, QUIET } from './ffmpeg/whitelist.ts'

/** What a source says of itself. */
export interface Probe {
  /** The engine's name of the container, such as `matroska,webm`. */
  readonly container: string
  /** Seconds, of the audio track where the container tells it, else of the whole; null when unknown or a guess. */
  readonly duration: number | null
  /** bit/s of the whole file. */
  readonly bitrate: number | null
  readonly track: AudioTrack
}

export interface AudioTrack {
  /** Its place among all tracks. */
  readonly index: number
  readonly codec: string
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
  /** bit/s; null when the container does not say. */
  readonly bitrate: number | null
  /** True for samples of more than 16 bits that are whole numbers. */
  readonly deep: boolean
}

/** Options that open the source. */
export const OPEN_SOURCE: readonly string[] = [...INPUT_LIMITS, '-i', SOURCE]

/** Looks at the source; MEDIA_UNREADABLE, MEDIA_NO_AUDIO or MEMORY_LIMIT when there is nothing to convert. */
export async function probe(engine: Engine): Promise<Probe> {
  const { log } = await engine.run([...QUIET, ...OPEN_SOURCE])
  return readProbe(log)
}

const LINE = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(\w+)\] (.*)$/
const INPUT = /^Input #0, (\S+), from /
const DURATION = /^ {2}Duration: (\S+), .*bitrate: (?:(\d+) kb\/s|N\/A)/
const STREAM = /^ {2}Stream #0:(\d+)(?:\[0x[0-9a-f]+\])?(?:\(\w+\))?: (\w+): (.*)$/
const TRACK_DURATION = /^ {6}DURATION\s*: (\S+)$/
const GUESSED = 'Estimating duration from bitrate'

/**
 * Reads the engine's description of its input. Values of the file's own tags stand behind `name :` and deeper,
 * so no tag can pass for a line that is looked for here.
 */
export function readProbe(log: readonly string[]): Probe {
  const lines = log.map((line) => LINE.exec(line)?.[2] ?? '')
  const container = first(lines, INPUT)?.[1]
  if (!container) throw unreadable(log)
  const [, clock = '', total] = first(lines, DURATION) ?? []
  const { track, duration } = pickTrack(lines)
  const guessed = lines.some((line) => line.includes(GUESSED))
  return {
    container,
    duration: guessed ? null : (duration ?? seconds(clock)),
    bitrate: total ? Number(total) * 1000 : null,
    track,
  }
}

/** The audio track marked as default, else the first that can be decoded. */
function pickTrack(lines: readonly string[]): { track: AudioTrack; duration: number | null } {
  const found = lines.flatMap((line, place) => {
    const [, index, type, rest = ''] = STREAM.exec(line) ?? []
    const track = type === 'Audio' ? readTrack(Number(index), rest) : undefined
    return track
      ? [{ track, isDefault: line.includes('(default)'), duration: trackDuration(lines.slice(place + 1)) }]
      : []
  })
  const picked = found.find((each) => each.isDefault) ?? found[0]
  if (picked) return picked
  const unknown = lines.some((line) => STREAM.exec(line)?.[2] === 'Audio')
  throw unknown
    ? new AppError('MEDIA_UNREADABLE', 'The sound of the file is in a form that can not be read.')
    : new AppError('MEDIA_NO_AUDIO')
}

/** `aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 128 kb/s (default)` */
function readTrack(index: number, description: string): AudioTrack | undefined {
  const codec = /^\w+/.exec(description)?.[0]
  const [, rate, layout = ''] = /, (\d+) Hz, ([^,]+)/.exec(description) ?? []
  if (!codec || codec === 'none' || !rate || Number(rate) === 0) return undefined
  const kilobits = /, (\d+) kb\/s/.exec(description)?.[1]
  return {
    index,
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
