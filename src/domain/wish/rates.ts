import { parseSize as readSize } from '../../kit/units.ts'
import { bitratesFor, type Format } from '../format.ts'
import { type Given, refuse, shown } from './refuse.ts'

export const QUALITIES = ['best', 'V0', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9'] as const
export type Quality = (typeof QUALITIES)[number]

const kilo = (rate: number) => `${rate / 1000}k`

/** What is known of the sound when a wish is read. */
interface Shape {
  readonly sampleRate?: number
  readonly channels?: number
}

/** `192k`, `192000` or 192000 → bit/s that the format knows at this sample rate and with these channels. */
export function parseBitrate(format: Format, given: Given, shape: Shape): number {
  const { rate, only, impossible, at } = readRate('bitrate', format, given, shape)
  if (only && !only.includes(rate)) refuse(`${impossible} knows ${only.map(kilo).join(', ')}${at}`)
  return rate
}

/** The same for an average, which may be any whole kbit/s: frames have the format's own rates around it. */
export function parseAverage(format: Format, given: Given, shape: Shape): number {
  if (!format.vbr) refuse(`${format.name} takes no abr, mp3 alone does. Ask for a bitrate`)
  return 1000 * Math.round(readRate('abr', format, given, shape).rate / 1000)
}

function readRate(field: 'bitrate' | 'abr', format: Format, given: Given, shape: Shape) {
  const { sampleRate = format.sampleRate ?? 48_000, channels = format.maxChannels } = shape
  const known = bitratesFor(format, { sampleRate, channels })
  if (!known) return refuse(`${format.name} is lossless and takes no bitrate`)
  const [, digits, unit] = /^(\d{1,7})(k?)$/i.exec(String(given)) ?? []
  const rate = Number(digits) * (unit ? 1000 : 1)
  const impossible = `${field} ${shown(given)} is not possible, ${format.name}`
  const at = shape.sampleRate || shape.channels ? ` at ${sampleRate} Hz and ${channels} channels` : ''
  if (!(rate >= known.min && rate <= known.max))
    refuse(`${impossible} takes ${kilo(known.min)} to ${kilo(known.max)}${at}`)
  return { rate, only: known.only, impossible, at }
}

/** `best`, and `V0` to `V9` where the format has them. */
export function parseQuality(format: Format, given: Given): Quality {
  const quality = QUALITIES.find((each) => each.toLowerCase() === String(given).toLowerCase())
  if (quality === 'best' || (quality && format.vbr)) return quality
  const known = format.vbr ? 'best, V0 (large) to V9 (small)' : 'best'
  return refuse(`quality ${shown(given)} is not possible, ${format.name} knows ${known}`)
}

/** `10MB` → bytes the whole result may have. */
export function parseTargetSize(format: Format, given: Given): number {
  if (!format.bitrate)
    refuse(`${format.name} is lossless: its size follows from the sound. Ask for mp3, m4a, opus or ogg`)
  const bytes = readSize(String(given))
  return bytes && bytes >= 1024 ? bytes : refuse(`size ${shown(given)} is not a size such as 10MB or 700KB`)
}
