import type { ChannelModel } from 'amqplib'
import { AppError } from '../../../domain/errors.ts'
import type { QueueName } from '../../../ports/broker.ts'

/** The names of the queues at the broker. */
export type Queues = Readonly<Record<QueueName, string>>

export const QUEUE_NAMES: readonly QueueName[] = ['video', 'mp3', 'failed']

/** Where what nobody can use is kept, per queue. */
export const deadOf = (queue: string): string => `${queue}.dead`

/** AMQP's code for a queue that exists with other properties or arguments. */
const PRECONDITION_FAILED = 406
const SETTINGS: Readonly<Record<QueueName, string>> = {
  video: 'VIDEO_QUEUE',
  mp3: 'MP3_QUEUE',
  failed: 'MP3_QUEUE',
}

/**
 * Declares all queues as someone would by hand: durable, without arguments. A queue that exists like that is left as it
 * is; CONFIG_INVALID names one that exists otherwise.
 */
export async function declareQueues(model: ChannelModel, queues: Queues): Promise<void> {
  const channel = await model.createChannel()
  channel.on('error', () => {}) // the call that caused it fails with the same
  for (const name of QUEUE_NAMES) {
    for (const queue of [queues[name], deadOf(queues[name])]) {
      try {
        await channel.assertQueue(queue, { durable: true })
      } catch (error) {
        throw hasCode(error, PRECONDITION_FAILED) ? otherwise(queue, name, error) : error
      }
    }
  }
  await channel.close()
}

function otherwise(queue: string, name: QueueName, cause: unknown): AppError {
  const mend = `delete it when it is empty (rabbitmqctl delete_queue ${queue}), or name another with ${SETTINGS[name]}`
  const text = `the queue '${queue}' exists at the broker, but not as a durable queue without arguments: ${mend}`
  return new AppError('CONFIG_INVALID', text, { cause })
}

const hasCode = (error: unknown, code: number) =>
  error instanceof Error && Reflect.get(error, 'code') === code
