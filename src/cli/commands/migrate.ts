import { migrateAll } from '../../compose.ts'
import { readConfig } from '../../config.ts'
import { createLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'brings the tables up to date',
  usage: `soundlift migrate

Brings the tables of every store up to date and ends. Needed where MIGRATE=off.`,
  async run(args) {
    readArgs(args, {})
    await migrateAll(readConfig(), await createLogger({ level: 'warn', pretty: process.stderr.isTTY }))
    console.log('the tables are up to date')
    return 0
  },
}
