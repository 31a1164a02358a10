import { join } from 'node:path'
import { launch } from '../test/support/program.ts'
import { inMb, inSeconds, MB, median, peakDuring, type Row, secondsOf, share } from './measure.ts'
import { convert } from './media/convert.ts'
import { ffmpegToMp3, rivalIsThere } from './media/rival.ts'
import { inFolder, longVideo } from './media/sources.ts'

const PAIRS = 5
const AIM = 0.62
const MINUTES = 20
const LANES = [1, 2, 4]
const LENGTHS = [10, 60, 180]
const MEMORY_AIM = 300 * MB
const ONE = `${import.meta.dirname}/media/one-conversion.ts`

/** One long file: beside ffmpeg, with more or fewer lanes, and longer and longer. */
export async function benchFile(): Promise<Row[]> {
  if (!rivalIsThere()) return [{ what: 'one long file', value: '', against: 'ffmpeg is absent', ratio: '' }]
  return inFolder(async (folder) => [
    await besideFfmpeg(folder),
    await byLanes(folder),
    ...(await byLength(folder)),
  ])
}

/** `soundlift convert`, the start of Node included, in turns with ffmpeg. */
async function besideFfmpeg(folder: string): Promise<Row> {
  const video = await longVideo(folder, MINUTES * 60)
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < PAIRS; turn++) {
    ours.push(await secondsOf(() => convert(video, join(folder, 'ours.mp3'), '-b', '192k')))
    theirs.push(await secondsOf(() => ffmpegToMp3(video, join(folder, 'theirs.mp3'))))
  }
  return {
    what: `${MINUTES} minutes of AAC in MP4 → MP3 192k, by the command line`,
    value: inSeconds(median(ours)),
    against: `ffmpeg ${inSeconds(median(theirs))} (aim: ${AIM}x)`,
    ratio: share(median(ours), median(theirs)),
  }
}

/** What can not be shared out follows from the seconds of all processors and those on the wall. */
async function byLanes(folder: string): Promise<Row> {
  const video = await longVideo(folder, MINUTES * 60)
  const walls: number[] = []
  let serial = ''
  for (const lanes of LANES) {
    const turns = [
      await once(folder, video, lanes),
      await once(folder, video, lanes),
      await once(folder, video, lanes),
    ]
    const [wall, cpu] = [median(turns.map((each) => each.wall)), median(turns.map((each) => each.cpu))]
    walls.push(wall)
    if (lanes === 2) serial = `${inSeconds(Math.max(0, 2 * wall - cpu))} of ${inSeconds(cpu)} serial`
  }
  return {
    what: `the same without the start of Node, with ${LANES.join(', ')} lanes`,
    value: walls.map(inSeconds).join(', '),
    against: serial,
    ratio: walls.map((wall) => share(wall, walls[0] ?? wall)).join(', '),
  }
}

async function byLength(folder: string): Promise<Row[]> {
  const perMinute: number[] = []
  let peak = 0
  for (const minutes of LENGTHS) {
    const video = await longVideo(folder, minutes * 60)
    const { wall, bytes } = await once(folder, video)
    perMinute.push(wall / minutes)
    peak = bytes
  }
  const [first = 0, last = 0] = [perMinute[0], perMinute.at(-1)]
  return [
    {
      what: `seconds for a minute of sound, in files of ${LENGTHS.join(', ')} minutes`,
      value: perMinute.map(inSeconds).join(', '),
      against: 'linear',
      ratio: share(last, first),
    },
    {
      what: `memory at most, ${LENGTHS.at(-1)} minutes`,
      value: inMb(peak),
      against: `≤ ${inMb(MEMORY_AIM)}`,
      ratio: share(peak, MEMORY_AIM),
    },
  ]
}

/** One conversion in a process of its own: seconds on the wall and of all processors, resident bytes at most. */
async function once(folder: string, video: string, lanes?: number) {
  const args = [ONE, video, join(folder, 'one.mp3'), ...(lanes ? [`${lanes}`] : [])]
  const env = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536' } // as bin/soundlift.mjs has it
  const child = launch(process.execPath, args, { env })
  let ended: { code: number | null } = { code: null }
  const bytes = await peakDuring(child.pid, async () => {
    ended = await child.exit
  })
  if (ended.code !== 0) throw new Error(child.lines.join('\n'))
  const { wall, cpu }: { wall: number; cpu: number } = JSON.parse(child.lines.at(-1) ?? '')
  return { wall, cpu, bytes }
}
