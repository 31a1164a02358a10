import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { present } from '../../test/support/announce-absent.ts'
import { bearer, newPerson, type Person } from '../../test/support/client.ts'
import { run } from '../../test/support/program.ts'
import { type Row, share } from '../measure.ts'
import { crowd, newPeople, quantile } from './crowd.ts'
import { AS_IT_COMES, type House, inHouse } from './house.ts'

const CONNECTIONS = 1_000
const SECONDS = 25
/** How it is slow: with its headers, its body, and in reading the answer. */
const KINDS = { headers: ['-H'], bodies: ['-B', '-s', '100000'], reading: ['-X', '-w', '1', '-y', '2'] }
const PEOPLE = 50
const LOAD = 0.4

/** Clients that hold connections, with normal ones beside them; and one slow honest upload. RELIABILITY 18. */
export function benchSlow(seconds: number): Promise<Row[]> {
  return inHouse(AS_IT_COMES, async (house) => {
    const rows: Row[] = []
    const steady = steadyUpload(await newPerson(house.server.url), seconds)
    if (!present('slowhttptest'))
      rows.push({ what: 'slow clients', value: '', against: 'slowhttptest is absent', ratio: '' })
    else for (const kind of ['headers', 'bodies', 'reading'] as const) rows.push(await beside(house, kind))
    const status = await steady
    return [
      ...rows,
      {
        what: `a steady upload of ${Math.round(seconds / 60)} minutes`,
        value: `${status}`,
        against: '201',
        ratio: '',
      },
    ]
  })
}

async function beside({ server, file, capacity }: House, kind: keyof typeof KINDS): Promise<Row> {
  const people = await newPeople(server.url, PEOPLE)
  const alone = await crowd(people, { file, rate: capacity * LOAD, seconds: SECONDS / 2 })
  const options = ['-c', `${CONNECTIONS}`, '-r', '200', '-i', '5', '-l', `${SECONDS}`, '-p', '5']
  const slow = run('slowhttptest', [...KINDS[kind], ...options, '-u', `${server.url}/upload`])
  await pause(5_000)
  const among = await crowd(people, { file, rate: capacity * LOAD, seconds: SECONDS - 10 })
  await slow
  const middle = (seen: typeof alone) =>
    quantile(
      seen.taken.map(({ answered }) => answered),
      0.5,
    )
  return {
    what: `uploads beside ${CONNECTIONS} connections with slow ${kind}: ${among.refused.length + among.broken.length} of ${among.taken.length} failed`,
    value: `${middle(among).toFixed(0)} ms`,
    against: `alone ${middle(alone).toFixed(0)} ms`,
    ratio: share(middle(among), middle(alone)),
  }
}

/** A hundred bytes a second. */
async function steadyUpload(person: Person, seconds: number): Promise<number | undefined> {
  const headers = { ...bearer(person), 'content-type': 'application/octet-stream' }
  const sending = request(`${person.url}/upload?filename=steady.bin`, { method: 'POST', headers })
  const answered = new Promise<number | undefined>((resolve, reject) => {
    sending.once('error', reject)
    sending.once('response', (answer) => void text(answer).then(() => resolve(answer.statusCode)))
  })
  for (let second = 0; second < seconds; second++) {
    sending.write('x'.repeat(100))
    await pause(1_000)
  }
  sending.end()
  return answered
}
