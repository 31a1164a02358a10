import { resolve } from 'node:path'
import { backUp } from '../../compose/backup.ts'
import { readConfig, standingIn } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { type Command, readArgs } from '../command.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'copies DATA_DIR to a folder that can take its place',
  usage: `soundlift backup FOLDER

Copies all that lies in DATA_DIR to a new folder, beside a running server: the database as it is at one moment, then the
bytes, the outbox and the secret of tokens. To restore, end the server and put a copy of the folder in place of DATA_DIR.
What lies elsewhere is named: docs/operations.md tells how to back it up.`,
  async run(args, out) {
    const [folder, ...more] = readArgs(args, {}).positionals
    if (folder === undefined || more.length > 0) throw new AppError('USAGE', 'backup takes one folder')
    const path = resolve(standingIn(), folder)
    const { files, elsewhere } = await backUp(readConfig(), path)
    out.say(`the database and ${files} files are in ${path}`)
    if (elsewhere.length > 0) out.say(`not in it, because it lies elsewhere: ${elsewhere.join(', ')}`)
    out.answer({ folder: path, files, elsewhere })
    return 0
  },
}
