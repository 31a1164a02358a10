import type { Kysely } from 'kysely'
import type { Preferences } from '../../../ports/notifications.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import type { NotificationTables } from './tables.ts'

/** What a person set; mails are on for who never set anything. */
export async function findPreferences(db: Kysely<NotificationTables>, person: string): Promise<Preferences> {
  const rows = db.selectFrom('soundlift_preferences').select('email_enabled').where('person', '=', person)
  const row = await rows.executeTakeFirst()
  return { email: { enabled: row?.email_enabled !== 0 } }
}

/** Update, else insert; when another inserts in between, update after all. */
export async function savePreferences(
  db: Kysely<NotificationTables>,
  person: string,
  preferences: Preferences,
): Promise<void> {
  const row = { person, email_enabled: preferences.email.enabled ? 1 : 0 } as const
  const change = db.updateTable('soundlift_preferences').set(row).where('person', '=', person)
  if ((await change.executeTakeFirstOrThrow()).numUpdatedRows > 0n) return
  try {
    await db.insertInto('soundlift_preferences').values(row).execute()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await change.execute()
  }
}
