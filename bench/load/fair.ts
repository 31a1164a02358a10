import { setTimeout as pause } from 'node:timers/promises'
import { askAgain, conversion, ended, type Person, sendJson, upload } from '../../test/support/client.ts'
import { inSeconds, type Row, share } from '../measure.ts'
import { newPeople } from './crowd.ts'
import { AS_IT_COMES, type House, inHouse } from './house.ts'

const MANY = 1_000
const PEOPLE = 10
const EACH = 6
/** Seconds that the one may wait beyond the conversion that is being made. */
const PATIENCE = 2
const JAIN_AIM = 0.95

/** A thousand files of one person and one of another; ten people with as much each. RELIABILITY 13. */
export function benchFair(): Promise<Row[]> {
  return inHouse(AS_IT_COMES, async (house) => [await oneBesideMany(house), await alike(house)])
}

async function oneBesideMany({ server, file }: House): Promise<Row> {
  const [many, one] = await newPeople(server.url, 2)
  if (!many || !one) throw new Error('nobody is there')
  const { fileId } = await upload(many, file)
  const theirs = await askAgain(many, fileId, MANY - 1)
  const { conversionId } = await upload(one, file)
  const own = await ended(one, conversionId, 120_000)
  const waited = between(own.createdAt, own.startedAt)
  const jobs = await Promise.all(theirs.slice(0, 20).map((id) => conversion(many, id)))
  const longest = Math.max(...jobs.map(({ startedAt, endedAt }) => between(startedAt, endedAt) || 0))
  await cancelAll(many, theirs)
  return {
    what: `a file beside another person's ${MANY}: from the answer to its start`,
    value: inSeconds(waited),
    against: `one conversion ${inSeconds(longest)} + ${PATIENCE} s`,
    ratio: share(waited, longest + PATIENCE),
  }
}

async function alike({ server, file }: House): Promise<Row> {
  const people = await newPeople(server.url, PEOPLE)
  const brought = await Promise.all(people.map((person) => upload(person, file)))
  const ids = await Promise.all(people.map((person, at) => askAgain(person, brought[at]?.fileId ?? '', EACH)))
  const doneOf = async (person: Person, own: readonly string[]) => {
    const states = await Promise.all(own.map((id) => conversion(person, id)))
    return states.filter(({ state }) => state === 'done').length
  }
  let served: number[] = []
  while (sum(served) < (PEOPLE * EACH) / 2) {
    await pause(500)
    served = await Promise.all(people.map((person, at) => doneOf(person, ids[at] ?? [])))
  }
  const index = sum(served) ** 2 / (served.length * sum(served.map((each) => each ** 2)))
  return {
    what: `${PEOPLE} people with ${EACH} files each, when half is done: Jain's index`,
    value: `${index.toFixed(3)} (${served.join(' ')})`,
    against: `≥ ${JAIN_AIM}`,
    ratio: share(index, JAIN_AIM),
  }
}

/** Those that have ended refuse, which is well. */
async function cancelAll(person: Person, ids: readonly string[]): Promise<void> {
  for (const id of ids) await sendJson(person, 'POST', `/v1/conversions/${id}/cancel`, {})
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Seconds. */
const between = (from: string | null, to: string | null) =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000
