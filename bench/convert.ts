import { rm } from 'node:fs/promises'
import { newPerson, type Person, upload } from '../test/support/client.ts'
import { startServer } from '../test/support/server.ts'
import { testVideo } from '../test/support/test-video.ts'
import { inSeconds, median, type Row, secondsOf, share } from './measure.ts'
import { untilDone } from './media/convert.ts'
import { ffmpegToMp3, rivalIsThere } from './media/rival.ts'

const PAIRS = 7
/** Seconds that Soundlift may take beyond ffmpeg. */
const AIM = 0.15

/** The 71 s video: from the request to the MP3 being ready, in turns with `ffmpeg` on the same file. */
export async function benchConvert(): Promise<Row[]> {
  const video = await testVideo()
  const server = await startServer()
  const person = await newPerson(server.url)
  await ready(person, video)
  const ours: number[] = []
  const theirs: number[] = []
  for (let turn = 0; turn < PAIRS; turn++) {
    ours.push(await secondsOf(() => ready(person, video)))
    if (rivalIsThere())
      theirs.push(await secondsOf(() => ffmpegToMp3(video, `${server.dataDir}/rival.mp3`, '128k')))
  }
  await server.stop()
  await rm(server.dataDir, { recursive: true })
  const what = 'test.mkv, request to MP3 ready'
  const value = inSeconds(median(ours))
  if (theirs.length === 0) return [{ what, value, against: 'ffmpeg is absent', ratio: '' }]
  const more = median(ours) - median(theirs)
  return [
    {
      what,
      value,
      against: `ffmpeg ${inSeconds(median(theirs))} (aim: + ${AIM} s)`,
      ratio: `${share(median(ours), median(theirs))}, ${more < 0 ? '' : '+'}${inSeconds(more)}`,
    },
  ]
}

async function ready(person: Person, video: string): Promise<void> {
  const { conversionId } = await upload(person, video)
  await untilDone(person, conversionId)
}
