import type { Channel, ChannelModel } from 'amqplib'
import { newId } from '../../../kit/ids.ts'
import { isOlder } from '../../../kit/version.ts'
import type { Examination, Examine } from '../../../ports/examination.ts'
import type { BrokerSettings } from '../index.ts'
import { addressOf } from './address.ts'
import { dial } from './dial.ts'
import { deadOf } from './queues.ts'

/** The oldest server that is supported. */
const OLDEST = [3, 8] as const
/** AMQP's codes of a queue that is not there, and of what the user may not do. */
const NOT_FOUND = 404
const ACCESS_REFUSED = 403
/** Milliseconds for the connection. */
const PATIENCE = 8_000

/** RabbitMQ: version, rights on a queue of its own, and how many messages lie in the real ones, which are only looked at. */
export const examineRabbitmq: Examine<Pick<BrokerSettings, 'url' | 'queues'>> = async (settings, found) => {
  const { connect } = await import('amqplib')
  const address = addressOf(settings.url)
  try {
    const { model, end } = await dial(connect, address, AbortSignal.timeout(PATIENCE))
    try {
      const version = versionOf(model)
      found.fact(`RabbitMQ ${version} at ${address.shown}`)
      if (isOlder(version, OLDEST)) {
        found.fail(`this is older than ${OLDEST.join('.')}`, `Update it to ${OLDEST.join('.')} or newer.`)
      }
      await tryQueue(model, `${settings.queues.video}.doctor.${newId()}`, found)
      for (const queue of Object.values(settings.queues)) await look(model, queue, found)
    } finally {
      await end()
    }
  } catch (error) {
    explain(error, address.shown, found)
  }
}

function versionOf({ connection }: ChannelModel): string {
  const version: unknown = Reflect.get(connection.serverProperties, 'version')
  return typeof version === 'string' ? version : '?'
}

/** Declares, publishes, takes and deletes; the queue goes with the connection at the latest. */
async function tryQueue(model: ChannelModel, queue: string, found: Examination): Promise<void> {
  const channel = await model.createConfirmChannel()
  channel.on('error', () => {}) // the call that caused it fails with the same
  await channel.assertQueue(queue, { durable: false, exclusive: true, autoDelete: true })
  await found.ask(async () => {
    channel.sendToQueue(queue, Buffer.from('doctor'))
    await channel.waitForConfirms()
  })
  const message = await channel.get(queue, { noAck: true })
  if (message === false) throw new Error('a message that was taken over is not there')
  await channel.deleteQueue(queue)
  await channel.close()
  found.fact('declared, published to and consumed from a queue of its own')
}

async function look(model: ChannelModel, queue: string, found: Examination): Promise<void> {
  const there = await countsOf(model, queue)
  if (there === null) return found.fact(`queue ${queue} is declared at the first start`)
  found.fact(`${queue}: ${there.messageCount} waiting, ${there.consumerCount} consumers`)
  const dead = (await countsOf(model, deadOf(queue)))?.messageCount ?? 0
  if (dead === 0) return
  found.warn(
    `${dead} dead letters in ${deadOf(queue)}`,
    'See `soundlift dead-letters list`; `requeue` sends them again.',
  )
}

/** Null when there is no such queue, which ends the channel. */
async function countsOf(model: ChannelModel, queue: string) {
  const channel: Channel = await model.createChannel()
  channel.on('error', () => {})
  try {
    const counts = await channel.checkQueue(queue)
    await channel.close()
    return counts
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return null
    throw error
  }
}

function explain(error: unknown, server: string, found: Examination): void {
  const says = error instanceof Error ? error.message : String(error)
  const { variable } = found
  if (/handshake/i.test(says) && says.includes('ACCESS_REFUSED')) {
    const mend = `Mend user and password in ${variable}; guest is for the broker's own machine alone.`
    found.fail(`it refuses the login: ${says}`, mend)
  } else if (says.includes('ConnectionOpenOk')) {
    // What amqplib says when the broker closes the connection because of the vhost, without the broker's reason.
    const mend = `Make the vhost that the path of ${variable} names (\`rabbitmqctl add_vhost …\`), with rights for its user there.`
    found.fail('it does not let us into the vhost', mend)
  } else if (codeOf(error) === ACCESS_REFUSED) {
    const mend = `Give the user of ${variable} rights: \`rabbitmqctl set_permissions -p VHOST USER ".*" ".*" ".*"\`.`
    found.fail(`it does not let us: ${says}`, mend)
  } else {
    found.fail(`${server} does not answer: ${says}`, `Start it, or mend host and port in ${variable}.`)
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined)
