import { formatClock, formatSize } from '../kit/units.ts'
import type { PictureFacts } from '../media/cover/picture.ts'
import type { Preview } from '../media/preview.ts'
import type { AudioTrack, Probe } from '../media/probe.ts'
import type { Result } from './track-results.ts'

export interface PreviewedResult extends Result {
  readonly preview: Preview
}

/** What `--dry-run` tells of a file: its tracks of sound, which of them are taken, and what comes of each. */
export function previewLines(input: string, results: readonly PreviewedResult[]): string[] {
  const taken = results.map(({ preview }) => preview.probed.track.number)
  return [
    ...results.slice(0, 1).flatMap(({ preview }) => sourceLines(input, preview.probed, taken)),
    ...results.map(resultLine),
  ]
}

function sourceLines(
  input: string,
  { container, duration, tracks }: Probe,
  taken: readonly number[],
): string[] {
  const length = duration === null ? 'of unknown length' : formatClock(duration)
  const mark = ({ number }: AudioTrack) => (taken.includes(number) ? ', taken' : '')
  return [
    `${input} (${container}, ${length})`,
    ...tracks.map((track) => `  ${trackLine(track)}${mark(track)}`),
  ]
}

const trackLine = ({ number, language, codec, sampleRate, channels }: AudioTrack) =>
  `track ${number}${language === null ? '' : ` (${language})`}: ${codec}, ${sampleRate} Hz, ${channels} channel${channels === 1 ? '' : 's'}`

function resultLine({ output, wish, preview: { plan, cover, size } }: PreviewedResult): string {
  const average = wish.abr === undefined ? '' : ' on average'
  const rate = plan.kind === 'encode' && plan.bitrate !== null ? ` at ${plan.bitrate / 1000}k${average}` : ''
  const how = plan.kind === 'copy' ? 'copied as it is' : `encoded as ${wish.format}${rate}`
  const bytes = size === null ? 'size unknown' : `about ${formatSize(size)}`
  return `  → ${output}: ${how}${cover ? `, ${coverText(cover)}` : ''}, ${bytes}`
}

const coverText = ({ type, width, height }: PictureFacts) =>
  `with a cover (${type === 'image/png' ? 'PNG' : 'JPEG'}, ${width}x${height})`
