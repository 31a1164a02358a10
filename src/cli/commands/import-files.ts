import { resolve } from 'node:path'
import { importFiles } from '../../compose/import.ts'
import { readConfig, standingIn } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { createLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'
import { conclude, foreignUrl, note } from '../import.ts'
import { readOwners } from '../read-owners.ts'

export const importFilesCommand: Command = {
  name: 'import-files',
  summary: 'makes the GridFS files of another program downloadable',
  usage: `soundlift import-files --from URL [--owners FILE]

Makes a row for every file in the GridFS buckets of the databases videos and mp3s that has none, so that ids from old mails
download.
  --from URL     the MongoDB server; where BLOBS_URL names another store the bytes are copied there
  --owners FILE  lines of: file id,email; a file that nobody owns is reached by administrators alone

It may be run again, beside a running server: a file that has a row stays as it is, its owner too. Files that are refused
are named; then the exit code is 1.`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, { from: { type: 'string' }, owners: { type: 'string' } })
    if (positionals.length > 0) throw new AppError('USAGE', 'import-files takes options only')
    const url = foreignUrl(values.from)
    const owners =
      values.owners === undefined ? new Map() : await readOwners(resolve(standingIn(), values.owners))
    const logger = await createLogger({ level: 'warn', pretty: process.stderr.isTTY })
    return conclude(out, await importFiles(readConfig(), logger, { url, owners, note }))
  },
}
