import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { as, conversion } from '../../test/support/client.ts'
import { MB, type Row, share } from '../measure.ts'
import { crowd, newPeople } from './crowd.ts'
import { inHouse } from './house.ts'
import { slope, watchProcess } from './watch-process.ts'

const PEOPLE = 100
const GROWTH_AIM = MB
const HOUR = 3_600
/** Node's own folder of compiled scripts, which stays. */
const COMPILED = 'node-compile-cache'
/** The first part of it, in which caches fill, does not count. */
const WARM_UP = 1 / 3

/** A long time at a share of what it manages; sources and results are removed. RELIABILITY 35. */
export async function benchSoak(seconds: number, load: number): Promise<Row[]> {
  const temporary = await mkdtemp(join(tmpdir(), 'soundlift-soak-'))
  try {
    return await inHouse(
      () => ({ TMPDIR: temporary }),
      async ({ server, file, capacity }) => {
        const people = await newPeople(server.url, PEOPLE)
        const watch = watchProcess(server.pid, 2_000)
        const seen = await crowd(people, {
          file,
          rate: capacity * load,
          seconds,
          async after(person, { id, fileId }) {
            const { result } = await conversion(person, id)
            for (const each of [result?.id, fileId])
              await as(person, `/v1/files/${each}`, { method: 'DELETE' }).then((answer) => answer.text())
          },
        })
        const samples = watch.stop().filter(({ at }) => at > seconds * WARM_UP)
        const growth = slope(samples, 'bytes') * HOUR
        const wrong = seen.broken.length + seen.refused.length
        const left = (await readdir(temporary)).filter((name) => name !== COMPILED).length
        for (const { why } of seen.broken.slice(0, 5)) console.error(`broken: ${why}`)
        return [
          {
            what: `memory's growth an hour, at ${load} of what it manages for ${Math.round(seconds / 60)} minutes (${seen.taken.length} conversions, ${wrong} wrong)`,
            value: `${(growth / MB).toFixed(1)} MB`,
            against: `< ${GROWTH_AIM / MB} MB`,
            ratio: share(growth, GROWTH_AIM),
          },
          {
            what: 'descriptors, in the middle and at the end; files in the temporary folder; bytes in the stores',
            value: `${samples[0]?.descriptors}, ${samples.at(-1)?.descriptors}; ${left}; ${await server.storedBytes()}`,
            against: 'as many; 0; those of the first batches',
            ratio: '',
          },
        ]
      },
    )
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
