import { CODE_LIFE, CODE_LIMIT, parseAddress } from '../../../domain/address.ts'
import { ADDRESSED_CHANNELS, type AddressedChannel } from '../../../domain/delivery.ts'
import type { Preferences } from '../../../domain/preferences.ts'
import { newId } from '../../../kit/ids.ts'
import type { NotificationCenter } from '../../../ports/notification-center.ts'
import type { CenterParts } from './center.ts'

type Asked = Parameters<NotificationCenter['setPreferences']>[0]

interface Wanted {
  readonly channel: AddressedChannel
  /** null: none of the person's own. */
  readonly address: string | null
}

/** Changes what is given. A new address counts when the code that goes to it has come back. */
export async function setPreferences(asked: Asked, parts: CenterParts): Promise<Preferences> {
  const { person, change } = asked
  const wanted = addressesIn(asked) // before anything is changed: a wrong one refuses the whole
  const { email, sms } = await parts.notifications.preferences(person)
  const proven = { email: email.address, sms: sms.address }
  for (const each of wanted) {
    if (each.address === proven[each.channel] && each.address !== null) continue
    await (each.address === null
      ? parts.notifications.removeAddress({ person, channel: each.channel })
      : sendCode(asked, each.channel, each.address, parts))
  }
  await parts.notifications.setPreferences(person, change)
  return parts.notifications.preferences(person)
}

function addressesIn({ change }: Asked): readonly Wanted[] {
  return ADDRESSED_CHANNELS.flatMap((channel) => {
    const address = change[channel]?.address
    if (address === undefined) return []
    return [{ channel, address: address === null ? null : parseAddress(channel, address) }]
  })
}

async function sendCode(
  { person, requestId }: Asked,
  channel: AddressedChannel,
  address: string,
  { notifications, now }: CenterParts,
): Promise<void> {
  const [createdAt, until] = [now(), now() + CODE_LIFE]
  const event = {
    id: newId(createdAt),
    type: 'address.code',
    requestId,
    person,
    createdAt,
    channel,
    until,
  } as const
  await notifications.askAddress(
    { person, channel, address, eventId: event.id, until },
    CODE_LIMIT,
    createdAt,
  )
  await notifications.enqueue([{ id: newId(createdAt), event, channel, address }], createdAt)
}
