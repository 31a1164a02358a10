import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withParts } from '../../compose/with-parts.ts'
import { readConfig } from '../../config.ts'
import { silentLogger } from '../../kit/logger.ts'
import { type Command, readArgs } from '../command.ts'
import { deliveryLine } from '../delivery-line.ts'

export const outbox: Command = {
  name: 'outbox',
  summary: 'lists the newest mails and what became of them',
  usage: `soundlift outbox [-n COUNT]

Lists the newest mails: when, to whom, about what, and whether they were sent, kept or parked, and why.
  -n, --count COUNT  how many, 20 without it`,
  async run(args, out) {
    const { values } = readArgs(args, { count: { type: 'string', short: 'n', default: '20' } })
    const config = readConfig()
    const limit = Math.max(1, Math.min(1000, Number.parseInt(values.count, 10) || 20))
    const deliveries = await withParts(config, silentLogger(), async ({ notifications }) =>
      (await notifications()).deliveries({ limit }),
    )
    for (const delivery of deliveries) out.say(deliveryLine(delivery))
    // Services in processes of their own write no files.
    const folder = join(config.dataDir, 'outbox')
    if (deliveries.length === 0) out.say('no mails yet')
    else if (existsSync(folder)) out.say(`kept mails lie in ${folder}`)
    out.answer(deliveries)
    return 0
  },
}
