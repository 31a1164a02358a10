import type { Kysely } from 'kysely'
import { make, makeIndex } from '../../sql/make.ts'
import type { Room } from '../../sql/migrate.ts'

/** The tables of the library. */
export const LIBRARY_ROOM: Room = {
  name: 'library',
  migrations: {
    '0001-files': { up: files },
    '0002-conversions': { up: conversions },
    '0003-events': { up: events },
    '0004-owners': { up: owners },
    '0005-webhooks': { up: webhooks },
    '0006-history': { up: history },
    '0007-usage': { up: usage },
    '0008-traces': { up: traces },
  },
}

async function files(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_files')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('owner_id', 'varchar(24)')
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('name', 'varchar(255)', (column) => column.notNull())
      .addColumn('content_type', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('sha256', 'varchar(64)', (column) => column.notNull())
      .addColumn('blob_key', 'varchar(512)', (column) => column.notNull())
      .addColumn('format', 'varchar(16)')
      .addColumn('duration', 'double precision')
      .addColumn('derived_from', 'varchar(24)')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint'),
  )
  await makeIndex(db, 'soundlift_files', 'owner', ['owner_id', 'id'])
  await makeIndex(db, 'soundlift_files', 'derived', ['derived_from', 'created_at'])
  await makeIndex(db, 'soundlift_files', 'blob', ['blob_key'])
  await makeIndex(db, 'soundlift_files', 'expiry', ['expires_at'])
}

async function conversions(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_conversions')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('owner_id', 'varchar(24)')
      .addColumn('owner_email', 'varchar(320)', (column) => column.notNull())
      .addColumn('owner_key', 'varchar(320)', (column) => column.notNull())
      .addColumn('source_id', 'varchar(24)', (column) => column.notNull())
      .addColumn('source_name', 'varchar(255)', (column) => column.notNull())
      .addColumn('source_size', 'bigint', (column) => column.notNull())
      .addColumn('wish', 'text', (column) => column.notNull())
      .addColumn('request_id', 'varchar(64)')
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('fence', 'integer', (column) => column.notNull())
      .addColumn('lease_worker', 'varchar(255)')
      .addColumn('lease_until', 'bigint')
      .addColumn('turn', 'bigint', (column) => column.notNull())
      .addColumn('not_before', 'bigint', (column) => column.notNull())
      .addColumn('progress', 'double precision', (column) => column.notNull())
      .addColumn('result_id', 'varchar(24)')
      .addColumn('warning', 'text')
      .addColumn('failure', 'text')
      .addColumn('receipt', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('ended_at', 'bigint'),
  )
  // The claim and the turn read the first index from either end, however many rows there are.
  await makeIndex(db, 'soundlift_conversions', 'fair', ['state', 'turn', 'created_at', 'id'])
  await makeIndex(db, 'soundlift_conversions', 'owner_turn', ['owner_key', 'turn'])
  await makeIndex(db, 'soundlift_conversions', 'owner', ['owner_id', 'id'])
  await makeIndex(db, 'soundlift_conversions', 'owner_state', ['owner_id', 'state', 'id'])
  await makeIndex(db, 'soundlift_conversions', 'source', ['source_id', 'created_at'])
}

async function events(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_events')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('announced', 'smallint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull()),
  )
  await makeIndex(db, 'soundlift_events', 'announced', ['announced', 'created_at', 'id'])
}

async function owners(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_owners')
      .addColumn('owner_key', 'varchar(320)', (column) => column.primaryKey()),
  )
}

async function webhooks(db: Kysely<unknown>): Promise<void> {
  await make(db.schema.alterTable('soundlift_conversions').addColumn('webhook', 'text'))
  await make(
    db.schema
      .createTable('soundlift_watchers')
      .addColumn('owner_key', 'varchar(320)', (column) => column.primaryKey()),
  )
}

/** What has ended is found by its age, however many rows there are. */
async function history(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_former_files')
      .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('owner_id', 'varchar(24)')
      .addColumn('expired_at', 'bigint', (column) => column.notNull()),
  )
  await makeIndex(db, 'soundlift_former_files', 'expired', ['expired_at'])
  await makeIndex(db, 'soundlift_conversions', 'ended', ['ended_at'])
}

/** Filled person by person, when each is first counted. */
async function usage(db: Kysely<unknown>): Promise<void> {
  await make(
    db.schema
      .createTable('soundlift_usage')
      .addColumn('owner_id', 'varchar(24)', (column) => column.primaryKey())
      .addColumn('files', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull()),
  )
}

async function traces(db: Kysely<unknown>): Promise<void> {
  await make(db.schema.alterTable('soundlift_conversions').addColumn('traceparent', 'varchar(55)'))
}
