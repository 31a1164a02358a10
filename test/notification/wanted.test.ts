import { describe, expect, it } from 'vitest'
import { openMysqlNotifications } from '../../src/adapters/notifications/mysql.ts'
import { openPostgresNotifications } from '../../src/adapters/notifications/postgres.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { personOf } from '../../src/domain/event.ts'
import { newId } from '../../src/kit/ids.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'
import { until } from '../support/wait.ts'
import { ended, type House, openHouse, scripted } from './harness.ts'

type Open = Parameters<typeof openHouse>[0]

const NUMBER = '+15550123456'
/** A person for each setting, and what is told: [done, failed] for a channel that is set so. */
const SETTINGS = {
  unset: { change: {}, told: [true, true] },
  on: { change: { enabled: true, onlyFailures: false }, told: [true, true] },
  quiet: { change: { onlyFailures: true }, told: [false, true] },
  off: { change: { enabled: false }, told: [false, false] },
  'off and quiet': { change: { enabled: false, onlyFailures: true }, told: [false, false] },
} as const
const CHANNELS = ['email', 'sms'] as const

async function prove({ notifications }: House, person: string): Promise<void> {
  const asked = {
    person,
    channel: 'sms',
    address: NUMBER,
    eventId: newId(),
    until: Date.now() + 9_999,
  } as const
  await notifications.askAddress(asked, { codes: 99, within: 1_000 }, Date.now())
  await notifications.proveAddress(asked, Date.now())
}

/** Every setting of one channel, the other one as it was: what became of each event by each channel. */
function matrix(open: Open): void {
  it.each(CHANNELS)('every setting of %s, for what is done and for what failed', async (set) => {
    const house = await openHouse(open)
    const expected: string[] = []
    for (const [name, { change, told }] of Object.entries(SETTINGS)) {
      const person = name.replaceAll(' ', '-')
      await prove(house, person)
      await house.notifications.setPreferences(person, { [set]: change })
      for (const [place, kind] of (['done', 'failed'] as const).entries()) {
        await ended(house, kind, { ownerId: person })
        for (const channel of CHANNELS) {
          const isTold = channel !== set || told[place]
          expected.push(`${person} ${kind} ${channel} ${isTold ? 'sent' : 'skipped'}`)
        }
      }
    }
    const { channels, sent } = scripted(async () => 'sent')
    await house.start({ channels })
    const deliveries = await until('all have ended', async () => {
      const all = await house.notifications.deliveries({ limit: 99 })
      return all.length === expected.length && all.every(({ state }) => state !== 'queued') ? all : undefined
    })
    const became = deliveries.map(
      ({ event, channel, state }) => `${personOf(event)} ${event.type.slice(11)} ${channel} ${state}`,
    )
    expect(became.toSorted()).toEqual(expected.toSorted())
    expect(sent).toHaveLength(expected.filter((line) => line.endsWith('sent')).length)
  })

  it('a number that was taken away gets nothing, not even what was queued before', async () => {
    const house = await openHouse(open)
    await prove(house, 'alice')
    await ended(house, 'done', { ownerId: 'alice' })
    const first = await house.start(
      scripted(async () => {
        throw new Error('not now')
      }),
    )
    await until('both wait', async () => {
      const all = await house.notifications.deliveries({ limit: 9, state: 'queued' })
      return all.length === 2 && all.every(({ attempt }) => attempt > 0) ? true : undefined
    })
    await first.stop(1_000)
    await house.notifications.removeAddress({ person: 'alice', channel: 'sms' })
    await house.start({ ...scripted(async () => 'sent'), now: () => Date.now() + 3_600_000 })
    const [text] = await until('it has ended', async () => {
      const found = await house.notifications.deliveries({ limit: 9, channel: 'sms', state: 'skipped' })
      return found.length > 0 ? found : undefined
    })
    expect(text).toMatchObject({ address: NUMBER, reason: 'the number was taken away' })
  })
}

describe('what is wanted, on SQLite', () => matrix(openSqliteNotifications))

describe.skipIf(!(await postgresIsThere()))('what is wanted, on PostgreSQL', () => {
  const postgres = postgresBackend()
  matrix(async (settings) => openPostgresNotifications({ ...settings, url: await postgres.url() }))
})

describe.skipIf(!(await mysqlIsThere()))('what is wanted, on MySQL or MariaDB', () => {
  const mysql = mysqlBackend()
  matrix(async (settings) => openMysqlNotifications({ ...settings, url: await mysql.url() }))
})
