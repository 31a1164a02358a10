import type { Channel, GetMessage, Message } from 'amqplib'
import { AppError } from '../../../domain/errors.ts'
import type { DeadLetter, DeadLetters, QueueName } from '../../../ports/broker.ts'
import type { Publisher } from './publisher.ts'
import { deadOf, QUEUE_NAMES, type Queues } from './queues.ts'

/** Beside a dead letter; its id and the time are those of the message. */
const REASON = 'soundlift-reason'
/** The whole body stays in the queue; a list shows this many characters. */
const SHOWN = 2_000
const LONGEST_REASON = 500
/** How long a connection may be missing, milliseconds. */
const PATIENCE = 5_000

/** Keeps a message apart, in a durable queue of the broker: what is not ours to judge is not ours to store either. */
export async function bury(
  send: Publisher['send'],
  queue: string,
  { content, properties }: Message,
  reason: string,
): Promise<void> {
  const headers = { [REASON]: reason.slice(0, LONGEST_REASON) }
  await send(deadOf(queue), { body: content, contentType: properties.contentType, headers })
}

/** The dead letters of all queues. Each look takes messages without acknowledging, so the broker puts them back. */
export function createDeadLetters({ link, send }: Publisher, queues: Queues): DeadLetters {
  const look = async <Result>(use: (channel: Channel) => Promise<Result>): Promise<Result> => {
    const channel = await (await link.ready(PATIENCE)).createChannel()
    channel.on('error', () => {}) // the call that caused it fails with the same
    try {
      return await use(channel)
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      throw new AppError('SERVICE_UNAVAILABLE', 'the dead letters can not be read now', { cause })
    } finally {
      await channel.close().catch(() => {})
    }
  }
  return {
    list: (limit) =>
      look(async (channel) => {
        const found: DeadLetter[] = []
        for (const name of QUEUE_NAMES) {
          for await (const message of messages(channel, deadOf(queues[name]), limit - found.length)) {
            found.push(letterOf(name, message))
          }
        }
        return found
      }),
    requeue: (ids) =>
      look(async (channel) => {
        let count = 0
        for (const name of QUEUE_NAMES) {
          for await (const message of messages(channel, deadOf(queues[name]))) {
            if (ids && !ids.includes(idOf(message))) continue
            await send(queues[name], { body: message.content, contentType: message.properties.contentType })
            channel.ack(message)
            count += 1
          }
        }
        return count
      }),
  }
}

/** At most as many as there are now: one that is requeued may be dead again before the end is reached. */
async function* messages(channel: Channel, queue: string, limit = Number.POSITIVE_INFINITY) {
  const { messageCount } = await channel.checkQueue(queue)
  for (let left = Math.min(limit, messageCount); left > 0; left -= 1) {
    const message = await channel.get(queue)
    if (!message) return
    yield message
  }
}

const idOf = ({ properties, fields }: GetMessage) => String(properties.messageId ?? fields.deliveryTag)

function letterOf(queue: QueueName, message: GetMessage): DeadLetter {
  const { content, properties } = message
  return {
    id: idOf(message),
    queue,
    body: content.toString('utf8').slice(0, SHOWN),
    reason: String(properties.headers?.[REASON] ?? 'not told'),
    at: Number(properties.timestamp ?? 0) * 1_000,
  }
}
