import { setTimeout as pause } from 'node:timers/promises'
import { inMb, type Row, share } from '../measure.ts'
import { crowd, newPeople, quantile, type Seen } from './crowd.ts'
import { inHouse } from './house.ts'
import { type Sample, watchProcess } from './watch-process.ts'

const PEOPLE = 200
const TIMES = 5
const GOODPUT_AIM = 0.9
/** Milliseconds. */
const REFUSAL_AIM = 50
const RECOVERY = 30_000
/** Seconds of work that may wait: less than RECOVERY. */
const QUEUE = 15

/** As much as the converter manages, then five times as much; then as before. RELIABILITY 25. */
export function benchOverload(seconds: number): Promise<Row[]> {
  const limited = (capacity: number) => ({ QUEUE_LIMIT: `${Math.ceil(capacity * QUEUE)}` })
  return inHouse(limited, async ({ server, file, capacity }) => {
    const people = await newPeople(server.url, PEOPLE)
    const once = await crowd(people, { file, rate: capacity, seconds: seconds / 2 })
    const watch = watchProcess(server.pid, 500)
    const flood = await crowd(people, { file, rate: capacity * TIMES, seconds })
    const samples = watch.stop()
    await pause(RECOVERY)
    const after = await crowd(people, { file, rate: capacity / 2, seconds: 15 })
    return [
      goodput(once, flood),
      refusals(flood, server.lines),
      kept([once, flood, after]),
      memory(samples),
      calm(after),
    ]
  })
}

function goodput(once: Seen, flood: Seen): Row {
  return {
    what: `conversions an hour, ${PEOPLE} clients bring ${TIMES}x what the converter manages`,
    value: `${Math.round(flood.goodput * 3600)}`,
    against: `at 1x ${Math.round(once.goodput * 3600)} (aim: ≥ ${GOODPUT_AIM}x)`,
    ratio: share(flood.goodput, once.goodput),
  }
}

function refusals({ refused, taken }: Seen, lines: readonly string[]): Row {
  const times = refused.map(({ answered }) => answered)
  const bare = refused.filter(({ status, mayComeBack }) => !mayComeBack || ![429, 503].includes(status))
  const inside = lines.flatMap(refusalIn)
  return {
    what: `${refused.length} of ${refused.length + taken.length} uploads refused, ${bare.length} of them without 429, 503 and Retry-After`,
    value: `median ${inMs(times, 0.5)}, p99 ${inMs(times, 0.99)}; inside the server ${inMs(inside, 0.5)}, ${inMs(inside, 0.99)}`,
    against: `≤ ${REFUSAL_AIM} ms`,
    ratio: share(quantile(times, 0.99), REFUSAL_AIM),
  }
}

const inMs = (times: readonly number[], share: number) => `${quantile(times, share).toFixed(0)} ms`

/** Milliseconds that the server's own line names, when it speaks of a refused upload. */
function refusalIn(line: string): number[] {
  const [, status, ms] = /"route":"\/upload","status":(\d+),"ms":(\d+)/.exec(line) ?? []
  return status === '503' || status === '429' ? [Number(ms)] : []
}

function kept(runs: readonly Seen[]): Row {
  const [taken, broken] = [runs.flatMap((run) => run.taken), runs.flatMap((run) => run.broken)]
  for (const { why } of broken.slice(0, 5)) console.error(`broken: ${why}`)
  const lost = taken.filter(({ done }) => done === null).length
  return {
    what: `acknowledged ${taken.length}: not done and downloaded; requests without an answer`,
    value: `${lost}; ${broken.length}`,
    against: '0; 0',
    ratio: '',
  }
}

function memory(samples: readonly Sample[]): Row {
  const third = Math.ceil(samples.length / 3)
  const peak = (some: readonly Sample[]) => Math.max(...some.map(({ bytes }) => bytes))
  const [first, last] = [peak(samples.slice(0, third)), peak(samples.slice(-third))]
  return {
    what: `memory in the last third of that, ${Math.max(...samples.map((each) => each.descriptors))} descriptors at most`,
    value: inMb(last),
    against: `in the first third ${inMb(first)}`,
    ratio: share(last, first),
  }
}

function calm({ taken, refused }: Seen): Row {
  return {
    what: `${RECOVERY / 1000} s later, at half load: refused of ${taken.length + refused.length}`,
    value: `${refused.length}`,
    against: `0; answered in ${quantile(
      taken.map(({ answered }) => answered),
      0.5,
    ).toFixed(0)} ms (median)`,
    ratio: '',
  }
}
