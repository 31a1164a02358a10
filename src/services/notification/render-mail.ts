import { wasAskedFor } from '../../domain/account-event.ts'
import type { Delivery } from '../../domain/delivery.ts'
import { isAboutConversion, personOf, type ToldEvent } from '../../domain/event.ts'
import { deriveKey, sign } from '../../kit/signed.ts'
import type { Mail } from '../../ports/channel.ts'
import { accountMail } from './mails/account-mail.ts'
import { conversionMail } from './mails/conversion-mail.ts'
import type { NotificationParts } from './parts.ts'

/** What the mails of one delivery are made with. */
export interface Letter {
  readonly to: string
  /** PUBLIC_URL, without a slash at its end. */
  readonly base: string
  /** The page that switches mails off. */
  readonly unsubscribe: string
  readonly secret: string
  readonly templates: NotificationParts['templates']
}

export type Content = Pick<Mail, 'subject' | 'text' | 'html'>

/** The mail of a delivery. Its Message-ID comes from the event, so that a second copy is known as one. */
export function renderMail(
  { event, address }: Pick<Delivery, 'event' | 'address'>,
  { settings, templates }: Pick<NotificationParts, 'settings' | 'templates'>,
): Mail {
  const { secret } = settings
  const base = settings.publicUrl().replace(/\/+$/, '')
  const token = sign(deriveKey(secret, 'unsubscribe'), { person: personOf(event) })
  const unsubscribe = `${base}/unsubscribe?token=${token}`
  const letter = { to: address, base, unsubscribe, secret, templates }
  const content = isAboutConversion(event) ? conversionMail(event, letter) : accountMail(event, letter)
  return {
    messageId: `${event.id}.email@soundlift`,
    to: address,
    ...content,
    headers: headersOf(event, letter),
  }
}

/** What was asked for just now can not be unsubscribed. */
function headersOf(event: ToldEvent, { unsubscribe }: Letter): Readonly<Record<string, string>> {
  if (wasAskedFor(event)) return {}
  return { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } // RFC 8058
}
