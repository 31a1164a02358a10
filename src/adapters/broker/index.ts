import type { Logger } from '../../kit/logger.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Examine } from '../../ports/examination.ts'
import { byScheme } from '../by-scheme.ts'
import { openEmbedded } from './embedded.ts'
import { examineRabbitmq } from './rabbitmq/examine.ts'
import { openRabbitmq } from './rabbitmq.ts'

export interface BrokerSettings {
  /** BROKER_URL. */
  readonly url: string
  /** VIDEO_QUEUE and MP3_QUEUE: what others call these two. */
  readonly queues: { readonly video: string; readonly mp3: string }
  /** Opening does without a broker that does not answer within 5 s: it is connected to when it comes. */
  readonly mayBeAway?: boolean
  readonly logger: Logger
}

/** The table of brokers, by the scheme of their URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, (settings: BrokerSettings) => Promise<Broker>>> = {
  'embedded:': async () => openEmbedded(),
  'amqp:': openRabbitmq,
  'amqps:': openRabbitmq,
}

/** Opens the broker that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export async function openBroker(settings: BrokerSettings): Promise<Broker> {
  return byScheme(DRIVERS, 'BROKER_URL', settings.url)(settings)
}

type Examined = Pick<BrokerSettings, 'url' | 'queues'>

/** How each broker is examined. */
const EXAMINERS: Readonly<Record<string, Examine<Examined>>> = {
  'embedded:': async (_, found) => found.fact('in memory of the server process'),
  'amqp:': examineRabbitmq,
  'amqps:': examineRabbitmq,
}

/** Examines the broker that `settings.url` names. */
export const examineBroker: Examine<Examined> = (settings, found) =>
  byScheme(EXAMINERS, found.variable, settings.url)(settings, found)
