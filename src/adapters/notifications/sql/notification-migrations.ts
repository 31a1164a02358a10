import type { Kysely } from 'kysely'
import { make, makeIndex } from '../../sql/make.ts'
import type { Room } from '../../sql/migrate.ts'

/** The tables of the notification service. */
export const NOTIFICATIONS_ROOM: Room = {
  name: 'notifications',
  migrations: {
    '0001-deliveries': { up: deliveries },
    '0002-preferences': { up: preferences },
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
