import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { newPerson, type Person, upload } from '../test/support/client.ts'
import { startServer } from '../test/support/server.ts'
import { inSeconds, median, type Row, secondsOf, share } from './measure.ts'
import { untilDone } from './media/convert.ts'
import { ffmpegToMp3, rivalIsThere } from './media/rival.ts'
import { inFolder, longVideo } from './media/sources.ts'

/** Milliseconds: asked a hundred times a second, the server would have that to do as well. */
const ASK_EVERY = 250
const QUEUES = [
  { count: 100, seconds: 10, aim: 1, turns: 3 },
  { count: 20, seconds: 600, aim: 0.9, turns: 2 },
]

/** Many files at once: uploaded one behind the other and all done, in turns with as many `ffmpeg` processes as cores. */
export async function benchQueues(): Promise<Row[]> {
  if (!rivalIsThere()) return [{ what: 'many files', value: '', against: 'ffmpeg is absent', ratio: '' }]
  const rows: Row[] = []
  for (const queue of QUEUES) rows.push(await inFolder((folder) => benchOne(folder, queue)))
  return rows
}

async function benchOne(
  folder: string,
  { count, seconds, aim, turns }: (typeof QUEUES)[number],
): Promise<Row> {
  const video = await longVideo(folder, seconds)
  const server = await startServer()
  const [ours, theirs]: [number[], number[]] = [[], []]
  try {
    const person = await newPerson(server.url)
    await allDone(person, video, 1)
    for (let turn = 0; turn < turns; turn++) {
      ours.push(await secondsOf(() => allDone(person, video, count)))
      theirs.push(await secondsOf(() => byProcesses(folder, video, count)))
    }
  } finally {
    await server.remove()
  }
  return {
    what: `${count} files of ${seconds} s, uploaded to MP3s ready`,
    value: inSeconds(median(ours)),
    against: `${availableParallelism()} × ffmpeg ${inSeconds(median(theirs))} (aim: ${aim}x as fast)`,
    ratio: `${share(median(theirs), median(ours))} as fast`,
  }
}

async function allDone(person: Person, video: string, count: number): Promise<void> {
  const ids: string[] = []
  while (ids.length < count) ids.push((await upload(person, video)).conversionId)
  for (const id of ids) await untilDone(person, id, ASK_EVERY)
}

async function byProcesses(folder: string, video: string, count: number): Promise<void> {
  let next = 0
  const one = async (process: number) => {
    while (next++ < count) await ffmpegToMp3(video, join(folder, `${process}.mp3`), '128k')
  }
  await Promise.all(Array.from({ length: availableParallelism() }, (_, process) => one(process)))
}
