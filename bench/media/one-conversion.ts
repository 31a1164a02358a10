// node one-conversion.ts INPUT OUTPUT [LANES]: an MP3 of 192k with so many encoders at once; says how long it took, in seconds.
import { availableParallelism } from 'node:os'
import { convert } from '../../src/media/convert.ts'
import { createCores } from '../../src/media/cores.ts'
import { createFileSink } from '../../src/media/source/file-sink.ts'
import { openFileSource } from '../../src/media/source/file-source.ts'
import { secondsOf } from '../measure.ts'

const [input = '', output = '', lanes = availableParallelism()] = process.argv.slice(2)
const NONE = Number.POSITIVE_INFINITY
const limits = { maxDuration: NONE, maxOutput: NONE, jobTimeout: NONE, stallTimeout: 60_000 }

const source = await openFileSource(input)
const sink = await createFileSink(output)
const wall = await secondsOf(async () => {
  const cores = createCores(Number(lanes))
  await convert(source, { format: 'mp3', bitrate: 192_000 }, sink, { limits, mayCopy: true, cores })
  await sink.commit()
})
await source.close()
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6 }))
