import { onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openWebhooks } from '../../src/adapters/channels/index.ts'
import { openSmtp } from '../../src/adapters/channels/smtp.ts'
import { openTextOutbox } from '../../src/adapters/channels/text-outbox.ts'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import type { Delivery } from '../../src/domain/delivery.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Channel, Mail, Text, WebhookMessage } from '../../src/ports/channel.ts'
import type { NewConversion } from '../../src/ports/library.ts'
import {
  createNotification,
  createNotificationCenter,
  openTemplates,
} from '../../src/services/notification/index.ts'
import * as make from '../contract/library/make.ts'
import { openMailReceiver } from '../support/mail-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

export const SECRET = 'a secret for tests'

/** Stores, a broker and a mail server of the test's own; `openNotifications` opens another store than SQLite. */
export async function openHouse(openNotifications = openSqliteNotifications) {
  const dataDir = await temporaryFolder()
  const store = { url: 'sqlite:', dataDir, migrate: true, logger: silentLogger() }
  const library = await openSqliteLibrary(store)
  const notifications = await openNotifications(store)
  const broker = openEmbedded()
  const receiver = await openMailReceiver()
  const webhook = await openWebhooks({ allowed: ['127.0.0.1'], timeoutMs: 2_000 })
  const email = await openSmtp({ url: receiver.url, from: 'soundlift@example.com', timeoutMs: 2_000 })
  const sms = await openTextOutbox({ folder: null })
  onTestFinished(async () => {
    await email.close()
    await receiver.close()
    await broker.close()
    await notifications.close()
    await library.close()
  })

  const settings = {
    publicUrl: () => 'https://mp3.example.com',
    secret: SECRET,
    leaseMs: 30_000,
    sweepMs: 50,
  }
  const parts = {
    library,
    notifications,
    broker,
    channels: { email, sms, webhook },
    templates: await openTemplates(null),
    results: null,
    accounts: null,
    settings,
    now: Date.now,
  }
  /** A notification service on these parts, or on others in their place; ended with the test. */
  async function start(instead: Partial<typeof parts> = {}) {
    const notification = createNotification({ ...parts, ...instead, logger: silentLogger() })
    onTestFinished(() => notification.stop(1_000))
    await notification.start()
    return notification
  }
  const center = createNotificationCenter({ notifications, library, secret: SECRET, allowed: ['127.0.0.1'] })
  return { library, notifications, broker, receiver, channels: parts.channels, center, settings, start }
}

export type House = Awaited<ReturnType<typeof openHouse>>

/** A conversion that has just ended; no message is sent. */
export async function ended(
  { library }: House,
  kind: 'done' | 'failed' = 'done',
  change: Partial<NewConversion> = {},
) {
  await make.submit(library, change)
  const claimed = await make.mustClaim(library)
  const outcome = kind === 'done' ? make.done(claimed) : make.failed
  await library.finish(make.holdOf(claimed), outcome, make.NOW)
  return make.stored(library, claimed)
}

/** Waits for the only delivery to be in a state. */
export function settled({ notifications }: House, state: Delivery['state'], attempt = 1): Promise<Delivery> {
  return until(`a delivery is ${state}`, async () => {
    const [delivery] = await notifications.deliveries({ limit: 1 })
    return delivery?.state === state && delivery.attempt >= attempt ? delivery : undefined
  })
}

/** Channels that do what `send` says, and count. */
export function scripted(send: () => Promise<'sent' | 'kept'>) {
  const sent: string[] = []
  const close = async () => {}
  const note = (id: string) => {
    sent.push(id)
    return send()
  }
  const email: Channel<Mail> = { send: ({ messageId }) => note(messageId), close }
  const sms: Channel<Text> = { send: ({ id }) => note(id), close }
  const webhook: Channel<WebhookMessage> = { send: async () => 'sent', close }
  return { channels: { email, sms, webhook }, sent }
}
