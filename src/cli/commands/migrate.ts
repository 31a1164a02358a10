import type { Parts } from '../../compose/parts.ts'
import { withParts } from '../../compose/with-parts.ts'
import { readConfig } from '../../config.ts'
import { createLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'brings the tables up to date',
  usage: `soundlift migrate

Brings the tables of every store up to date and ends. Needed where MIGRATE=off.`,
  async run(args, out) {
    readArgs(args, {})
    const logger = await createLogger({ level: 'warn', pretty: process.stderr.isTTY })
    await withParts({ ...readConfig(), migrate: true }, logger, openStores)
    out.say('the tables are up to date')
    out.answer({ upToDate: ['users', 'library', 'notifications'] })
    return 0
  },
}

/** What is opened is brought up to date. */
async function openStores({ users, library, notifications }: Parts): Promise<void> {
  await users()
  await library()
  await notifications()
}
