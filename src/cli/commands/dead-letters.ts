import { withParts } from '../../compose/with-parts.ts'
import { type Config, readConfig } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { DeadLetters } from '../../ports/broker.ts'
import { type Command, readArgs } from '../command.ts'
import type { Output } from '../output.ts'

/** As many as one screen and a head can hold; the next call shows the rest. */
const MOST = 1_000

export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'lists messages that nobody could use, or sends them again',
  usage: `soundlift dead-letters list
soundlift dead-letters requeue [ID…]

Messages of the queues that nobody could use are kept with the reason. requeue puts these, or all without an ID, back
into the queue they came from: do it when what was missing is there.`,
  async run(args, out) {
    const [verb, ...ids] = readArgs(args, {}).positionals
    const deed = deedOf(verb, ids)
    await withParts(needBroker(readConfig()), silentLogger(), async ({ broker }) =>
      deed((await broker()).deadLetters, out),
    )
    return 0
  },
}

type Deed = (letters: DeadLetters, out: Output) => Promise<void>

function deedOf(verb: string | undefined, ids: readonly string[]): Deed {
  if (verb === 'list' && ids.length === 0) return list
  if (verb === 'requeue') return (letters, out) => requeue(letters, out, ids)
  throw new AppError('USAGE', 'dead-letters takes list, or requeue and ids')
}

async function list(letters: DeadLetters, out: Output): Promise<void> {
  const found = await letters.list(MOST)
  for (const { id, at, queue, reason, body } of found) {
    out.say(`${id}  ${new Date(at).toISOString()}  ${queue.padEnd(6)}  ${reason}  ${JSON.stringify(body)}`)
  }
  if (found.length === 0) out.say('no dead letters')
  out.answer(found)
}

async function requeue(letters: DeadLetters, out: Output, ids: readonly string[]): Promise<void> {
  const count = await letters.requeue(ids.length === 0 ? undefined : ids)
  out.say(`${count} ${count === 1 ? 'message is' : 'messages are'} back in the queue`)
  out.answer({ requeued: count })
}

/** Messages of the embedded broker are never of others, and are gone with the server's process. */
function needBroker(config: Config): Config {
  if (config.brokerUrl?.startsWith('amqp')) return config
  const text = 'names no RabbitMQ: only there are messages kept; for example BROKER_URL=amqp://rabbitmq:5672'
  throw new AppError('CONFIG_INVALID', undefined, { errors: [{ field: 'BROKER_URL', text }] })
}
