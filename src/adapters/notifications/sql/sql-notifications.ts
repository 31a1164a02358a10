import { type Kysely, sql } from 'kysely'
import type { Notifications } from '../../../ports/notifications.ts'
import { claimDelivery, settle } from './claim-delivery.ts'
import { listDeliveries } from './deliveries.ts'
import { enqueue } from './enqueue.ts'
import { findPreferences, savePreferences } from './preferences.ts'
import type { NotificationTables } from './tables.ts'

/** Preferences and deliveries over any SQL database that holds the tables of `NOTIFICATIONS_ROOM`. */
export function sqlNotifications(db: Kysely<NotificationTables>): Notifications {
  return {
    preferences: (person) => findPreferences(db, person),
    setPreferences: (person, preferences) => savePreferences(db, person, preferences),
    enqueue: (deliveries, now) => enqueue(db, deliveries, now),
    claim: (at) => claimDelivery(db, at),
    settle: (hold, outcome, now) => settle(db, hold, outcome, now),
    deliveries: (page) => listDeliveries(db, page),
    ping: async () => void (await sql`select 1`.execute(db)),
    close: () => db.destroy(),
  }
}
