import { type Kysely, sql } from 'kysely'
import type { Notifications } from '../../../ports/notifications.ts'
import { askAddress, proveAddress, removeAddress, tryCode } from './addresses.ts'
import { claimDelivery, settle } from './claim-delivery.ts'
import { findDelivery, forgetDeliveries, listDeliveries, overdueDeliveries, replay } from './deliveries.ts'
import { enqueue } from './enqueue.ts'
import { findPreferences, savePreferences } from './preferences.ts'
import type { NotificationTables } from './tables.ts'
import { sqlWebhooks } from './webhooks.ts'

/** Preferences and deliveries over any SQL database that holds the tables of `NOTIFICATIONS_ROOM`. */
export function sqlNotifications(db: Kysely<NotificationTables>): Notifications {
  return {
    webhooks: sqlWebhooks(db),
    preferences: (person) => findPreferences(db, person),
    setPreferences: (person, preferences) => savePreferences(db, person, preferences),
    askAddress: (pending, limit, now) => askAddress(db, pending, limit, now),
    tryCode: (place, tries, now) => tryCode(db, place, tries, now),
    proveAddress: (pending, now) => proveAddress(db, pending, now),
    removeAddress: (place) => removeAddress(db, place),
    enqueue: (deliveries, now) => enqueue(db, deliveries, now),
    claim: (at) => claimDelivery(db, at),
    settle: (hold, outcome, now) => settle(db, hold, outcome, now),
    delivery: (id) => findDelivery(db, id),
    replay: (id, now) => replay(db, id, now),
    deliveries: (page) => listDeliveries(db, page),
    forget: (before, limit) => forgetDeliveries(db, before, limit),
    overdue: (before) => overdueDeliveries(db, before),
    ping: async () => void (await sql`select 1`.execute(db)),
    close: () => db.destroy(),
  }
}
