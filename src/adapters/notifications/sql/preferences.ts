import type { Kysely } from 'kysely'
import type { ChannelPreference, PreferenceChange, Preferences } from '../../../domain/preferences.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import type { NotificationTables, PreferenceRow } from './tables.ts'

type Settings = Omit<PreferenceRow, 'person'>

const UNSET: Settings = {
  email_enabled: 1,
  email_only_failures: 0,
  sms_enabled: 1,
  sms_only_failures: 0,
  webhook_enabled: 1,
  webhook_only_failures: 0,
}

/** What a person set, and where the person is reached; everything is on for who never set anything. */
export async function findPreferences(db: Kysely<NotificationTables>, person: string): Promise<Preferences> {
  const settings = db.selectFrom('soundlift_preferences').selectAll().where('person', '=', person)
  const row = (await settings.executeTakeFirst()) ?? UNSET
  const places = await db
    .selectFrom('soundlift_addresses')
    .select(['channel', 'address', 'pending'])
    .where('person', '=', person)
    .execute()
  const placeOf = (channel: string) => {
    const { address = null, pending = null } = places.find((place) => place.channel === channel) ?? {}
    return { address, pending }
  }
  return {
    email: { ...preference(row.email_enabled, row.email_only_failures), ...placeOf('email') },
    sms: { ...preference(row.sms_enabled, row.sms_only_failures), ...placeOf('sms') },
    webhook: preference(row.webhook_enabled, row.webhook_only_failures),
  }
}

const preference = (enabled: 0 | 1, onlyFailures: 0 | 1): ChannelPreference => ({
  enabled: enabled === 1,
  onlyFailures: onlyFailures === 1,
})

/** Update, else insert; when another inserts in between, update after all. */
export async function savePreferences(
  db: Kysely<NotificationTables>,
  person: string,
  change: PreferenceChange,
): Promise<void> {
  const columns = columnsOf(change)
  if (Object.keys(columns).length === 0) return
  const update = db.updateTable('soundlift_preferences').set(columns).where('person', '=', person)
  if ((await update.executeTakeFirstOrThrow()).numUpdatedRows > 0n) return
  try {
    await db
      .insertInto('soundlift_preferences')
      .values({ ...UNSET, ...columns, person })
      .execute()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await update.execute()
  }
}

function columnsOf({ email, sms, webhook }: PreferenceChange): Partial<Settings> {
  return {
    ...set('email_enabled', email?.enabled),
    ...set('email_only_failures', email?.onlyFailures),
    ...set('sms_enabled', sms?.enabled),
    ...set('sms_only_failures', sms?.onlyFailures),
    ...set('webhook_enabled', webhook?.enabled),
    ...set('webhook_only_failures', webhook?.onlyFailures),
  }
}

const set = (column: keyof Settings, value: boolean | undefined): Partial<Settings> =>
  value === undefined ? {} : { [column]: value ? 1 : 0 }
