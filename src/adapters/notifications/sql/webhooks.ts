import type { Kysely } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import { MAX_WEBHOOKS, type Webhook, type WebhookChange } from '../../../domain/webhook.ts'
import type { Webhooks } from '../../../ports/webhooks.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import type { NotificationTables, WebhookRow } from './tables.ts'

/** Endpoints of people, in `soundlift_webhooks`. */
export function sqlWebhooks(db: Kysely<NotificationTables>): Webhooks {
  const get = async (id: string) => {
    const rows = db.selectFrom('soundlift_webhooks').selectAll().where('id', '=', id)
    const row = await rows.executeTakeFirst()
    return row ? toWebhook(row) : null
  }
  return {
    add: (webhook) => add(db, webhook),
    get,
    async of(person) {
      const rows = db.selectFrom('soundlift_webhooks').selectAll().where('person', '=', person)
      return (await rows.orderBy('id').execute()).map(toWebhook)
    },
    async change(id, change) {
      const columns = columnsOf(change)
      if (Object.keys(columns).length === 0) return (await get(id)) !== null
      const update = db.updateTable('soundlift_webhooks').set(columns).where('id', '=', id)
      return (await update.executeTakeFirstOrThrow()).numUpdatedRows > 0n
    },
    async failing(id, now) {
      const first = db.updateTable('soundlift_webhooks').set({ failing_since: now }).where('id', '=', id)
      await first.where('failing_since', 'is', null).execute()
      return get(id)
    },
    async remove(id) {
      const removal = db.deleteFrom('soundlift_webhooks').where('id', '=', id)
      return (await removal.executeTakeFirstOrThrow()).numDeletedRows > 0n
    },
  }
}

/** A person has as many slots as endpoints are allowed, and no two endpoints the same one: a race ends at the limit. */
async function add(db: Kysely<NotificationTables>, webhook: Webhook): Promise<void> {
  const { id, person, email, createdAt } = webhook
  for (let conflicts = 0; ; conflicts++) {
    const row = { id, person, email, ...columnsOf(webhook), created_at: createdAt }
    const slot = await freeSlot(db, person)
    try {
      await db
        .insertInto('soundlift_webhooks')
        .values({ ...NEW, ...row, slot })
        .execute()
      return
    } catch (error) {
      if (!isUniqueViolation(error) || conflicts >= MAX_WEBHOOKS) throw error
    }
  }
}

const NEW = {
  url: '',
  events: '[]',
  secrets: '[]',
  enabled: 1,
  disabled_reason: null,
  failing_since: null,
} as const

async function freeSlot(db: Kysely<NotificationTables>, person: string): Promise<number> {
  const rows = db.selectFrom('soundlift_webhooks').select('slot').where('person', '=', person)
  const taken = new Set((await rows.execute()).map(({ slot }) => slot))
  const free = Array.from({ length: MAX_WEBHOOKS }, (_, slot) => slot).find((slot) => !taken.has(slot))
  if (free === undefined) throw new AppError('WEBHOOK_LIMIT')
  return free
}

function columnsOf(change: WebhookChange): Partial<WebhookRow> {
  const { url, events, secrets, enabled, disabledReason, failingSince } = change
  return {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: JSON.stringify(events) }),
    ...(secrets === undefined ? {} : { secrets: JSON.stringify(secrets) }),
    ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
    ...(disabledReason === undefined ? {} : { disabled_reason: disabledReason }),
    ...(failingSince === undefined ? {} : { failing_since: failingSince }),
  }
}

const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  person: row.person,
  email: row.email,
  url: row.url,
  events: JSON.parse(row.events),
  secrets: JSON.parse(row.secrets),
  enabled: row.enabled === 1,
  disabledReason: row.disabled_reason,
  failingSince: row.failing_since,
  createdAt: row.created_at,
})
