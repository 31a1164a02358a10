import { Closers } from '../src/kit/closers.ts'
import type { Library } from '../src/ports/library.ts'
import { done, holdOf, mustClaim, NOW, submit } from '../test/contract/library/make.ts'
import { BUSY, COPY_DIGITS, copyPrefix, ownerAt, SHARE } from './claim/seed.ts'
import { openFilled, STORES } from './claim/stores.ts'
import { median, type Row, secondsOf, share } from './measure.ts'

const SHARES = { small: 1, large: 100 }
const WARM_UP = 50
/** Percentiles are taken of so many rounds at a time; what is told is their median, so one hiccup of the machine is not. */
const BLOCK = 200
const ROUNDS = 5 * BLOCK
const AIM = 1.5
/** Milliseconds that dropping a database may take. */
const DROPPING = 60_000
const DEEDS = ['claim', 'submit', 'list'] as const

/** Seconds of each call, by deed. */
type Times = Record<(typeof DEEDS)[number], number[]>

/** Claim, submit and list in libraries with 10,000 and 1,000,000 conversions, in turns, on every store that is there. */
export async function benchClaim(): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of STORES) {
    if (!(await store.isThere())) {
      rows.push({ what: whatIn(store.name), value: 'absent', against: '', ratio: '' })
      continue
    }
    const closers = new Closers()
    try {
      const small = await openFilled(store, SHARES.small, closers)
      const large = await openFilled(store, SHARES.large, closers)
      rows.push(await compare(store.name, small, large))
    } finally {
      await closers.closeAll(DROPPING)
    }
  }
  return rows
}

async function compare(store: string, small: Library, large: Library): Promise<Row> {
  let [few, many] = [noTimes(), noTimes()]
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round === 0) [few, many] = [noTimes(), noTimes()]
    await useOnce(small, SHARES.small, round, few)
    await useOnce(large, SHARES.large, round, many)
  }
  const ratios = DEEDS.map((deed) => share(percentile(many[deed], 0.99), percentile(few[deed], 0.99)))
  return {
    what: whatIn(store),
    value: told(many),
    against: `of 10,000: ${told(few)} (aim: p99 ≤ ${AIM}x)`,
    ratio: ratios.join(', '),
  }
}

const whatIn = (store: string) => `${DEEDS.join(', ')} in a library of 1,000,000 conversions, ${store}`

const noTimes = (): Times => ({ claim: [], submit: [], list: [] })

/** The first page of one person, a submit of the same, a claim; and what was claimed is done. */
async function useOnce(library: Library, shares: number, round: number, times: Times): Promise<void> {
  const ownerId = someone(shares, round)
  const timed = async (deed: keyof Times, run: () => Promise<unknown>) => {
    times[deed].push(await secondsOf(run))
  }
  await timed('list', () => library.conversions({ ownerId, limit: 50 }))
  await timed('submit', () => submit(library, { ownerId }))
  let claimed: Awaited<ReturnType<typeof mustClaim>> | undefined
  await timed('claim', async () => {
    claimed = await mustClaim(library)
  })
  if (claimed) await library.finish(holdOf(claimed), done(claimed), NOW)
}

/** Somebody who was active lately: of the last share, or one of the busy. */
function someone(shares: number, round: number): string {
  const ownerId = ownerAt(((round + WARM_UP) * 17) % SHARE)
  return ownerId.startsWith(BUSY) ? ownerId : copyPrefix(shares - 1) + ownerId.slice(COPY_DIGITS)
}

const told = (times: Times) => `p99 ${inMs(times, 0.99)}; p50 ${inMs(times, 0.5)}`

const inMs = (times: Times, part: number) =>
  `${DEEDS.map((deed) => (percentile(times[deed], part) * 1000).toFixed(1)).join(', ')} ms`

function percentile(values: readonly number[], part: number): number {
  const found: number[] = []
  for (let start = 0; start < values.length; start += BLOCK) {
    const sorted = values.slice(start, start + BLOCK).toSorted((a, b) => a - b)
    found.push(sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN)
  }
  return median(found)
}
