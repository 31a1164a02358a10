import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inMb, inSeconds, median, type Row, secondsOf, share } from './measure.ts'
import { convert } from './media/convert.ts'
import { ffmpeg, rivalIsThere } from './media/rival.ts'
import { inFolder, largeVideo } from './media/sources.ts'

const TURNS = 3
const AIM = 0.1

/** A large video that has an MP3 in it already: its packets are copied, beside encoding them, and beside ffmpeg's copy. */
export async function benchCopy(): Promise<Row[]> {
  if (!rivalIsThere()) return [{ what: 'a copy', value: '', against: 'ffmpeg is absent', ratio: '' }]
  const rows: Row[] = []
  for (const extension of ['mp4', 'mkv'] as const)
    rows.push(await inFolder((folder) => benchOne(folder, extension)))
  return rows
}

async function benchOne(folder: string, extension: 'mp4' | 'mkv'): Promise<Row> {
  const video = await largeVideo(folder, extension)
  const output = join(folder, 'out.mp3')
  const [copied, encoded, theirs]: [number[], number[], number[]] = [[], [], []]
  for (let turn = 0; turn < TURNS; turn++) {
    copied.push(await secondsOf(() => convert(video, output)))
    encoded.push(await secondsOf(() => convert(video, output, '-b', '128k')))
    theirs.push(await secondsOf(() => ffmpeg('-i', video, '-vn', '-c:a', 'copy', output)))
  }
  return {
    what: `MP3 copied out of ${inMb((await stat(video)).size)} of ${extension}`,
    value: inSeconds(median(copied)),
    against: `encoding it ${inSeconds(median(encoded))} (aim: ${AIM}x); ffmpeg's copy ${inSeconds(median(theirs))}`,
    ratio: share(median(copied), median(encoded)),
  }
}
