// `npm run bench`: measures Soundlift, beside ffmpeg where there is a rival, and prints one table.
// `-- --fresh` adds a fresh clone with its install; names after it choose some. Those that take minutes are run only when
// they are named: file, queues, copy, claim, which fills databases with a million rows, and load, which takes its parts and
// minutes as options (bench/load.ts).
import { availableParallelism, cpus, release, type } from 'node:os'
import { benchClaim } from './claim.ts'
import { benchConvert } from './convert.ts'
import { benchCopy } from './copy.ts'
import { benchFile } from './file.ts'
import { benchFresh } from './fresh.ts'
import { benchLoad } from './load.ts'
import type { Row } from './measure.ts'
import { benchQueues } from './queues.ts'
import { benchStart } from './start.ts'
import { benchTransfer } from './transfer.ts'

const BENCHES = {
  fresh: benchFresh,
  start: benchStart,
  convert: benchConvert,
  transfer: benchTransfer,
  file: benchFile,
  queues: benchQueues,
  copy: benchCopy,
  claim: benchClaim,
  load: benchLoad,
}
const BY_DEFAULT = ['start', 'convert', 'transfer']
const args = process.argv.slice(2)
const asked = args.filter((arg) => !arg.startsWith('-'))
const isAsked = (name: string) =>
  name === 'fresh' ? args.includes('--fresh') : (asked.length === 0 ? BY_DEFAULT : asked).includes(name)

const rows: Row[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (!isAsked(name)) continue
  console.error(`measuring: ${name} …`)
  rows.push(...(await bench()))
}

const today = new Date().toISOString().slice(0, 10)
console.log(`${today}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${type()} ${release()}, Node ${process.versions.node}; medians

| measure | Soundlift | against | ratio |
|---|---|---|---|
${rows.map(({ what, value, against, ratio }) => `| ${what} | ${value} | ${against} | ${ratio} |`).join('\n')}`)
process.exit(0)
