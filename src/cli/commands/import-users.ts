import { importUsers } from '../../compose/import.ts'
import { readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { createLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'
import { conclude, foreignUrl, note } from '../import.ts'

export const importUsersCommand: Command = {
  name: 'import-users',
  summary: 'makes accounts of the user table of another program',
  usage: `soundlift import-users --from URL [--table NAME] [--dry-run]

Reads id, email and password of every row: mysql: the table user, postgres: auth_user, mongodb: the collection users.
  --from URL    where the table is; the accounts go to USERS_URL
  --table NAME  another table or collection, as AUTH_TABLE
  --dry-run     says what would be done

Passwords are hashed, bcrypt hashes taken as they are. Nobody becomes an administrator, an account that exists stays as
it is: it may be run again, beside a running server. Rows that are refused are named; then the exit code is 1.`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, {
      from: { type: 'string' },
      table: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    })
    if (positionals.length > 0) throw new AppError('USAGE', 'import-users takes options only')
    const url = foreignUrl(values.from)
    const config = readConfig()
    const logger = await createLogger({ level: 'warn', pretty: process.stderr.isTTY })
    const dryRun = values['dry-run']
    const table = values.table ?? config.authTable
    return conclude(out, await importUsers(config, logger, { url, table, dryRun, note }), dryRun)
  },
}
