import { withParts } from '../../compose/with-parts.ts'
import { readConfig } from '../../config.ts'
import { DELIVERY_STATES } from '../../domain/delivery.ts'
import { AppError } from '../../domain/errors.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { Notifications } from '../../ports/notifications.ts'
import { type Command, readArgs } from '../command.ts'
import { deliveryLine } from '../delivery-line.ts'

export const deliveries: Command = {
  name: 'deliveries',
  summary: 'lists what was told to whom and how it ended, or sends it again',
  usage: `soundlift deliveries list [-n COUNT] [--state STATE] [--json]
soundlift deliveries replay ID…

Lists the newest mails, texts and webhooks. replay sends what has ended again, under the same Message-ID.
  -n, --count COUNT  how many, 20 without it
  --state STATE      ${DELIVERY_STATES.join(', ')}
  --json             one JSON object a line, whole`,
  async run(args) {
    const { values, positionals } = readArgs(args, {
      count: { type: 'string', short: 'n', default: '20' },
      state: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const deed = deedOf(positionals, values)
    await withParts(readConfig(), silentLogger(), async (parts) => deed(await parts.notifications()))
    return 0
  },
}

interface Options {
  readonly count: string
  readonly state?: string | undefined
  readonly json: boolean
}

function deedOf(
  [verb, ...ids]: readonly string[],
  options: Options,
): (store: Notifications) => Promise<void> {
  if (verb === 'list' && ids.length === 0) return (store) => list(store, options)
  if (verb === 'replay' && ids.length > 0) return (store) => replay(store, ids)
  throw new AppError('USAGE', 'deliveries takes list, or replay and ids')
}

async function list(store: Notifications, { count, state: given, json }: Options): Promise<void> {
  const state = DELIVERY_STATES.find((known) => known === given)
  if (given !== undefined && !state) throw new AppError('USAGE', `a state is ${DELIVERY_STATES.join(', ')}`)
  const limit = Math.max(1, Math.min(1000, Number.parseInt(count, 10) || 20))
  const found = await store.deliveries({ limit, ...(state ? { state } : {}) })
  for (const delivery of found) {
    console.log(json ? JSON.stringify(delivery) : `${delivery.id}  ${deliveryLine(delivery)}`)
  }
  if (found.length === 0 && !json) console.log('no deliveries')
}

async function replay(store: Notifications, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { channel, address } = await store.replay(id, Date.now())
    console.log(`${id} goes to ${address} by ${channel} again`)
  }
}
