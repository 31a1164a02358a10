import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { notificationsContract } from '../contract/notifications.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const settings = { url: 'sqlite:', migrate: true, logger: silentLogger() }

notificationsContract('sqlite', async () => {
  const dataDir = await temporaryFolder()
  return () => openSqliteNotifications({ ...settings, dataDir })
})

/** As the release before, which knew mails alone, speaks with the table. */
const FORMER = {
  write: `insert into soundlift_deliveries (id, event_id, channel, address, event, state, attempt, fence, not_before, due_at, created_at)
          values ('65f0c2a1b3d4e5f600000001', '65f0c2a1b3d4e5f600000002', 'email', 'alice@example.com', ?, 'queued', 0, 0, 1, 1, 1)`,
  claim: `select id from soundlift_deliveries where state = 'queued' and due_at <= ?`,
}

it('sqlite: the release before, still running beside, takes nothing it can not tell, and what it wrote is told', async () => {
  const dataDir = await temporaryFolder()
  const store = await openSqliteNotifications({ ...settings, dataDir })
  const former = new DatabaseSync(join(dataDir, 'soundlift.db'))
  onTestFinished(async () => {
    former.close()
    await store.close()
  })
  const told = {
    requestId: null,
    person: 'alice',
    createdAt: 1,
    webhookId: '65f0c2a1b3d4e5f600000009',
    url: 'https://x.y',
    reason: '410',
  }
  const event = { id: '65f0c2a1b3d4e5f600000003', type: 'webhook.disabled', ...told } as const
  await store.enqueue([{ id: event.id, event, channel: 'email', address: 'alice@example.com' }], 1)
  expect(former.prepare(FORMER.claim).all(9)).toEqual([])

  former.prepare(FORMER.write).run(JSON.stringify({ type: 'conversion.done', username: 'alice@example.com' }))
  const mails = { channel: 'email', now: 9, leaseMs: 9 } as const
  const claims = [await store.claim(mails), await store.claim(mails)]
  expect(claims.map((claimed) => claimed?.event.type)).toEqual(['webhook.disabled', 'conversion.done'])
  for (const claimed of claims) await store.settle(claimed ?? { id: '', fence: 0 }, { state: 'sent' }, 10)
  expect(await store.deliveries({ limit: 9, state: 'sent' })).toHaveLength(2)
})
