import { DEFAULT_FORMAT, type FormatName, findFormat } from '../format.ts'
import { PRESET_NAMES, type PresetName } from '../preset.ts'
import { cleanTag, TAG_NAMES, type Tags } from '../tag-names.ts'
import { parseAverage, parseBitrate, parseQuality, parseTargetSize, type Quality } from './rates.ts'
import { type Given, refuse, shown } from './refuse.ts'
import { parseChannels, parseSampleRate } from './shape.ts'
import { parseTime, readTime } from './times.ts'
import { parseTrack } from './track.ts'

/** What a person asks for; what is absent is left to Soundlift. A track that already is that is copied. */
export interface Wish extends Tags {
  readonly format: FormatName
  /** bit/s. Of bitrate, abr, quality and size there is at most one. */
  readonly bitrate?: number
  /** bit/s on average (ABR): each frame takes what its sound needs. */
  readonly abr?: number
  /** `best`: as good as the format allows, never above the source's own rate. `V0`…`V9`: variable bitrate. */
  readonly quality?: Quality
  /** Bytes the result may have: the highest bitrate that surely fits. */
  readonly size?: number
  /** Fills in what else is left open. */
  readonly preset?: PresetName
  /** Hz. */
  readonly sampleRate?: number
  readonly channels?: number
  /** Seconds from the beginning of the sound: what lies between the two is kept. */
  readonly start?: number
  readonly end?: number
  /** LUFS that the whole is brought to (EBU R128). */
  readonly loudness?: number
  /** The how-manieth track of sound, from 1, or a language (ISO 639). */
  readonly track?: number | string
  /** Tags and chapters of the source; kept when nothing is said. */
  readonly metadata?: 'keep' | 'drop'
  /**
   * The picture that the source has of its sound, kept with the metadata when nothing is said; or the frame of its video
   * at this time, in seconds.
   */
  readonly cover?: 'keep' | 'drop' | number
}

/** The fields a wish is made of, as forms, queries and JSON name them. */
export const WISH_FIELDS = [
  'format',
  'bitrate',
  'abr',
  'quality',
  'size',
  'preset',
  'sampleRate',
  'channels',
  'start',
  'end',
  'loudness',
  'track',
  'metadata',
  'cover',
  ...TAG_NAMES,
] as const satisfies readonly (keyof Wish)[]
export type WishField = keyof Wish

/** A wish as it comes from outside: a form, a query, a JSON body, a command line. Empty strings count as absent. */
export type WishInput = Readonly<Partial<Record<WishField, Given | undefined>>>

/** Reads a wish; fails with WISH_INVALID and a sentence that names what is possible. */
export function parseWish(input: WishInput): Wish {
  const format = findFormat(String(input.format || DEFAULT_FORMAT))
  const given = <T>(field: WishField, read: (value: Given) => T): { [field: string]: T } => {
    const value = input[field]
    return value === undefined || value === '' ? {} : { [field]: read(value) }
  }
  const shape = {
    ...given('sampleRate', (value) => parseSampleRate(format, value)),
    ...given('channels', (value) => parseChannels(format, value)),
  }
  const wish: Wish = {
    format: format.name,
    ...given('bitrate', (value) => parseBitrate(format, value, shape)),
    ...given('abr', (value) => parseAverage(format, value, shape)),
    ...given('quality', (value) => parseQuality(format, value)),
    ...given('size', (value) => parseTargetSize(format, value)),
    ...given('preset', parsePreset),
    ...shape,
    ...given('start', (value) => parseTime('start', value)),
    ...given('end', (value) => parseTime('end', value)),
    ...given('loudness', parseLoudness),
    ...given('track', parseTrack),
    ...given('metadata', parseMetadata),
    ...given('cover', parseCover),
    ...readTags(input),
  }
  refuseContradictions(wish)
  return wish
}

function refuseContradictions(wish: Wish): void {
  const rates = (['bitrate', 'abr', 'quality', 'size'] as const).filter((field) => wish[field] !== undefined)
  if (rates.length > 1) refuse(`ask for ${rates.map(withArticle).join(' or for ')}, not for both`)
  if (wish.end !== undefined && wish.end <= (wish.start ?? 0))
    refuse(`the end (${wish.end} s) must lie behind the start (${wish.start ?? 0} s)`)
  if (typeof wish.cover === 'number' && wish.format === 'wav')
    refuse('wav has no place for a cover, all other formats have')
}

const withArticle = (field: string) => `${field === 'abr' ? 'an' : 'a'} ${field}`

function parsePreset(given: Given): PresetName {
  const found = PRESET_NAMES.find((name) => name === String(given).toLowerCase())
  return found ?? refuse(`unknown preset ${shown(given)}, known are ${PRESET_NAMES.join(', ')}`)
}

/** Softer is drowned by the noise of a room, louder than this nothing can be made without distortion. */
const [SOFTEST, LOUDEST] = [-40, -8]

/** LUFS are always below zero, so `16` is read as -16. */
function parseLoudness(given: Given): number {
  const level = /^-?\d{1,2}(\.\d{1,2})?$/.test(String(given)) ? -Math.abs(Number(given)) : Number.NaN
  if (level >= SOFTEST && level <= LOUDEST) return level
  return refuse(
    `loudness ${shown(given)} is not possible, take ${SOFTEST} to ${LOUDEST} LUFS: -16 for a podcast, -23 for broadcasting`,
  )
}

const parseMetadata = (given: Given) =>
  keepOrDrop(given) ?? refuse(`metadata ${shown(given)} is neither keep nor drop`)

/** `keep`, `drop` or a time; undefined for what is none of them: on the command line that is a file. */
export const readCover = (given: Given) => keepOrDrop(given) ?? readTime(given)

const parseCover = (given: Given) =>
  readCover(given) ?? refuse(`cover ${shown(given)} is neither keep nor drop, nor a time such as 90 or 1:30`)

function keepOrDrop(given: Given): 'keep' | 'drop' | undefined {
  const word = String(given).toLowerCase()
  return word === 'keep' || word === 'drop' ? word : undefined
}

function readTags(input: WishInput): Tags {
  const found = TAG_NAMES.map((name) => [name, cleanTag(String(input[name] ?? ''))] as const)
  return Object.fromEntries(found.filter(([, text]) => text !== ''))
}
