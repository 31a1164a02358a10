import type { Wish } from '../domain/wish/wish.ts'
import { formatClock, formatSize } from '../kit/units.ts'
import type { Preview } from '../media/preview.ts'
import type { AudioTrack } from '../media/probe.ts'

/** What `--dry-run` tells of a file: its tracks of sound, which of them is taken, and what comes of it. */
export function previewLines(
  input: string,
  output: string,
  wish: Wish,
  { probed, plan, size }: Preview,
): string[] {
  const length = probed.duration === null ? 'of unknown length' : formatClock(probed.duration)
  const average = wish.abr === undefined ? '' : ' on average'
  const rate = plan.kind === 'encode' && plan.bitrate !== null ? ` at ${plan.bitrate / 1000}k${average}` : ''
  const how = plan.kind === 'copy' ? `copied as it is` : `encoded as ${wish.format}${rate}`
  const bytes = size === null ? 'size unknown' : `about ${formatSize(size)}`
  const tracks = probed.tracks.map((track) => `  ${trackLine(track)}${mark(track, probed.track)}`)
  return [`${input} (${probed.container}, ${length})`, ...tracks, `  → ${output}: ${how}, ${bytes}`]
}

const trackLine = ({ number, language, codec, sampleRate, channels }: AudioTrack) =>
  `track ${number}${language === null ? '' : ` (${language})`}: ${codec}, ${sampleRate} Hz, ${channels} channel${channels === 1 ? '' : 's'}`

const mark = (track: AudioTrack, taken: AudioTrack) => (track.number === taken.number ? ', taken' : '')
