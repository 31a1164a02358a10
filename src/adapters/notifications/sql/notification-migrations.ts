import type { Kysely } from 'kysely'
import { make, makeIndex } from '../../sql/make.ts'
import type { Room } from '../../sql/migrate.ts'

/** The tables of the notification service. */
export const NOTIFICATIONS_ROOM: Room = {
  name: 'notifications',
  migrations: {
    '0001-deliveries': { up: deliveries },
    '0002-preferences': { up: preferences },
    '0003-channels': { up: channels },
    '0004-addresses': { up: addresses },
    '0005-webhooks': { up: webhooks },
    '0006-history': { up: history },
  },
}

async function deliveries(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_deliveries')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('event_id', 'varchar(24)', (column) => column.notNull())
      .addColumn('channel', 'varchar(16)', (column) => column.notNull())
      .addColumn('address', 'varchar(320)', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('fence', 'integer', (column) => column.notNull())
      .addColumn('not_before', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addUniqueConstraint('soundlift_deliveries_told_once', ['event_id', 'channel', 'address']),
  )
  await makeIndex(db, 'soundlift_deliveries', 'due', ['state', 'due_at', 'id'])
}

async function preferences(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_preferences')
      .addColumn('person', 'varchar(320)', (column) => column.primaryKey())
      .addColumn('email_enabled', 'smallint', (column) => column.notNull()),
  )
}

/** Channels beside e-mail. Older code writes beside it: what that leaves out has a default. */
async function channels(db: Kysely<unknown>): Promise<void> {
  const added = [
    'email_only_failures',
    'sms_enabled',
    'sms_only_failures',
    'webhook_enabled',
    'webhook_only_failures',
  ]
  for (const name of added) {
    const byDefault = name.endsWith('_enabled') ? 1 : 0
    const table = db.schema.alterTable('soundlift_preferences')
    await make(table.addColumn(name, 'smallint', (column) => column.notNull().defaultTo(byDefault)))
  }
  await make(db.schema.alterTable('soundlift_deliveries').addColumn('person', 'varchar(320)'))
  await makeIndex(db, 'soundlift_deliveries', 'person', ['person', 'id'])
}

/** Where people are reached, and what they have asked to be reached at and not yet proven; which codes went out lately. */
async function addresses(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_addresses')
      .addColumn('person', 'varchar(320)', (column) => column.notNull())
      .addColumn('channel', 'varchar(16)', (column) => column.notNull())
      .addColumn('address', 'varchar(320)')
      .addColumn('proven_at', 'bigint')
      .addColumn('pending', 'varchar(320)')
      .addColumn('pending_event', 'varchar(24)')
      .addColumn('pending_until', 'bigint')
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('soundlift_addresses_pk', ['person', 'channel']),
  )
  await make(
    db.schema
      .createTable('soundlift_codes')
      .addColumn('event_id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('person', 'varchar(320)', (column) => column.notNull())
      .addColumn('channel', 'varchar(16)', (column) => column.notNull())
      .addColumn('address', 'varchar(320)', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull()),
  )
  await makeIndex(db, 'soundlift_codes', 'person', ['person', 'asked_at'])
  await makeIndex(db, 'soundlift_codes', 'address', ['address', 'asked_at'])
  await makeIndex(db, 'soundlift_codes', 'asked', ['asked_at'])
}

/** Endpoints of people; and each channel takes what is due of its own, however much waits for another. */
async function webhooks(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_webhooks')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('person', 'varchar(320)', (column) => column.notNull())
      .addColumn('slot', 'integer', (column) => column.notNull())
      .addColumn('email', 'varchar(320)', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('secrets', 'text', (column) => column.notNull())
      .addColumn('enabled', 'smallint', (column) => column.notNull())
      .addColumn('disabled_reason', 'text')
      .addColumn('failing_since', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('soundlift_webhooks_slot', ['person', 'slot']),
  )
  await makeIndex(db, 'soundlift_deliveries', 'channel_due', ['channel', 'state', 'due_at', 'id'])
}

/** What has ended is found by its age, however many rows there are. */
async function history(db: Kysely<unknown>): Promise<void> {
  await makeIndex(db, 'soundlift_deliveries', 'ended', ['ended_at'])
}
