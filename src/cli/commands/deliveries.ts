import { withParts } from '../../compose/with-parts.ts'
import { readConfig } from '../../config.ts'
import { DELIVERY_STATES, type Delivery } from '../../domain/delivery.ts'
import { AppError } from '../../domain/errors.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { Notifications } from '../../ports/notifications.ts'
import { type Command, readArgs } from '../command.ts'
import { deliveryLine } from '../delivery-line.ts'
import type { Output } from '../output.ts'

export const deliveries: Command = {
  name: 'deliveries',
  summary: 'lists what was told to whom and how it ended, or sends it again',
  usage: `soundlift deliveries list [-n COUNT] [--state STATE]
soundlift deliveries replay ID…

Lists the newest mails, texts and webhooks. replay sends what has ended again, under the same Message-ID.
  -n, --count COUNT  how many, 20 without it
  --state STATE      ${DELIVERY_STATES.join(', ')}`,
  async run(args, out) {
    const { values, positionals } = readArgs(args, {
      count: { type: 'string', short: 'n', default: '20' },
      state: { type: 'string' },
    })
    const deed = deedOf(positionals, values)
    await withParts(readConfig(), silentLogger(), async (parts) => deed(await parts.notifications(), out))
    return 0
  },
}

interface Options {
  readonly count: string
  readonly state?: string | undefined
}

type Deed = (store: Notifications, out: Output) => Promise<void>

function deedOf([verb, ...ids]: readonly string[], options: Options): Deed {
  if (verb === 'list' && ids.length === 0) return (store, out) => list(store, out, options)
  if (verb === 'replay' && ids.length > 0) return (store, out) => replay(store, out, ids)
  throw new AppError('USAGE', 'deliveries takes list, or replay and ids')
}

async function list(store: Notifications, out: Output, { count, state: given }: Options): Promise<void> {
  const state = DELIVERY_STATES.find((known) => known === given)
  if (given !== undefined && !state) throw new AppError('USAGE', `a state is ${DELIVERY_STATES.join(', ')}`)
  const limit = Math.max(1, Math.min(1000, Number.parseInt(count, 10) || 20))
  const found = await store.deliveries({ limit, ...(state ? { state } : {}) })
  for (const delivery of found) out.say(`${delivery.id}  ${deliveryLine(delivery)}`)
  if (found.length === 0) out.say('no deliveries')
  out.answer(found)
}

async function replay(store: Notifications, out: Output, ids: readonly string[]): Promise<void> {
  const replayed: Delivery[] = []
  for (const id of ids) {
    const delivery = await store.replay(id, Date.now())
    replayed.push(delivery)
    out.say(`${id} goes to ${delivery.address} by ${delivery.channel} again`)
  }
  out.answer(replayed)
}
