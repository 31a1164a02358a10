import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { mediaFolder } from '../test/support/media-folder.ts'
import { benchFair } from './load/fair.ts'
import { benchOverload } from './load/overload.ts'
import { benchSlow } from './load/slow.ts'
import { benchSoak } from './load/soak.ts'
import type { Row } from './measure.ts'

/** Of what the converter manages. */
const LOAD = 0.6
/** Each with its length in minutes when none is given: what RELIABILITY asks for. */
const PARTS = {
  overload: { bench: benchOverload, minutes: 5 },
  fair: { bench: benchFair, minutes: 0 },
  slow: { bench: benchSlow, minutes: 20 },
  soak: { bench: benchSoak, minutes: 60 },
}

/**
 * Hundreds of clients on one process, by loopback. `node bench/run.ts load --part=NAME --minutes=N` runs one part, and for
 * so long; without a name all of them. `--load=0.2` makes the soak lighter than it should be.
 */
export async function benchLoad(): Promise<Row[]> {
  const { values } = parseArgs({
    options: { part: { type: 'string' }, minutes: { type: 'string' }, load: { type: 'string' } },
    strict: false,
  })
  const rows: Row[] = []
  for (const [name, { bench, minutes }] of Object.entries(PARTS)) {
    if (values.part !== undefined && values.part !== name) continue
    console.error(`load: ${name} …`)
    rows.push(...(await bench(Number(values.minutes ?? minutes) * 60, Number(values.load ?? LOAD))))
  }
  await rm(mediaFolder(), { recursive: true, force: true })
  return rows
}
