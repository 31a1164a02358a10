import { setTimeout as pause } from 'node:timers/promises'
import { newPerson, type Person } from '../../test/support/client.ts'
import { type Visit, visit } from './visit.ts'

/** What clients saw. */
export interface Seen {
  readonly taken: readonly Extract<Visit, { kind: 'taken' }>[]
  readonly refused: readonly Extract<Visit, { kind: 'refused' }>[]
  readonly broken: readonly Extract<Visit, { kind: 'broken' }>[]
  /** Conversions whose result was there within the time of the run, per second. */
  readonly goodput: number
}

const AT_ONCE = 20

/** So many accounts, made some at a time. */
export async function newPeople(url: string, count: number): Promise<Person[]> {
  const people: Person[] = []
  while (people.length < count) {
    const some = Math.min(AT_ONCE, count - people.length)
    people.push(...(await Promise.all(Array.from({ length: some }, () => newPerson(url)))))
  }
  return people
}

interface Run {
  readonly file: string
  /** Visits begun per second, whatever became of those before. */
  readonly rate: number
  readonly seconds: number
  /** Called with what ended well: to clear up. */
  readonly after?: (person: Person, visit: Seen['taken'][number]) => Promise<void>
}

/** People come at a rate, in turn, and do not mind that others wait; resolves when the last has ended. */
export async function crowd(people: readonly Person[], { file, rate, seconds, after }: Run): Promise<Seen> {
  const visits = new Map<number, Visit>()
  const [begun, end] = [performance.now(), Date.now() + seconds * 1000]
  const open: Promise<void>[] = []
  const count = Math.round(rate * seconds)
  for (let at = 0; at < count; at++) {
    await pause(Math.max(0, begun + (at / rate) * 1000 - performance.now()))
    const person = people[at % people.length]
    if (!person) break
    const one = visit(person, file, (seen) => visits.set(at, seen)).then(async () => {
      const seen = visits.get(at)
      if (seen?.kind === 'taken') await after?.(person, seen)
    })
    open.push(one)
  }
  await pause(end - Date.now())
  await Promise.all(open)
  const all = [...visits.values()]
  const taken = all.filter((each) => each.kind === 'taken')
  console.error(`${count} visits at ${rate.toFixed(2)} a second: ${taken.length} taken`)
  return {
    taken,
    refused: all.filter((each) => each.kind === 'refused'),
    broken: all.filter((each) => each.kind === 'broken'),
    goodput: taken.filter(({ done }) => done !== null && done <= end).length / seconds,
  }
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
