import { type ConversionEvent, personOf } from '../../domain/event.ts'
import type { NewDelivery, Notifications } from '../../ports/notifications.ts'

type Target = Pick<NewDelivery, 'channel' | 'address'>

/** Where an event goes. Whether the person wants it there is asked when it is sent. */
export async function targetsOf(
  event: ConversionEvent,
  notifications: Pick<Notifications, 'preferences' | 'webhooks'>,
): Promise<readonly Target[]> {
  return [...(await personally(event, notifications)), ...(await endpoints(event, notifications))]
}

async function personally(
  event: ConversionEvent,
  notifications: Pick<Notifications, 'preferences'>,
): Promise<readonly Target[]> {
  if (event.type !== 'conversion.done' && event.type !== 'conversion.failed') return []
  const { email, sms } = await notifications.preferences(personOf(event))
  const mail: Target = { channel: 'email', address: email.address ?? event.username }
  return sms.address === null ? [mail] : [mail, { channel: 'sms', address: sms.address }]
}

/** The person's endpoints by their ids; a URL of this conversion alone by the id of the conversion. */
async function endpoints(
  event: ConversionEvent,
  { webhooks }: Pick<Notifications, 'webhooks'>,
): Promise<readonly Target[]> {
  const all = await webhooks.of(personOf(event))
  const wanting = all.filter(({ enabled, events }) => enabled && events.includes(event.type))
  const addresses = wanting.map(({ id }) => id)
  if (event.webhook) addresses.push(event.conversionId)
  return addresses.map((address) => ({ channel: 'webhook', address }))
}
