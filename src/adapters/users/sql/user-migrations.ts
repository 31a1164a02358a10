import { make } from '../../sql/make.ts'
import type { Room } from '../../sql/migrate.ts'

/** The tables of the user store. */
export const USERS_ROOM: Room = {
  name: 'users',
  migrations: {
    '0001-accounts': {
      up: (db) =>
        make(
          db.schema
            .createTable('soundlift_accounts')
            .addColumn('id', 'varchar(24)', (column) => column.primaryKey())
            .addColumn('email', 'varchar(320)', (column) => column.notNull())
            .addColumn('email_key', 'varchar(320)', (column) => column.notNull().unique())
            .addColumn('password_hash', 'varchar(512)', (column) => column.notNull())
            .addColumn('role', 'varchar(16)', (column) => column.notNull())
            .addColumn('first_account', 'smallint', (column) => column.unique())
            .addColumn('created_at', 'bigint', (column) => column.notNull()),
        ),
    },
  },
}
