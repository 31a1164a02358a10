import type { AccountEvent, AddressCodeEvent, PasswordResetEvent } from '../../../domain/account-event.ts'
import { AppError } from '../../../domain/errors.ts'
import { deriveKey, sign } from '../../../kit/signed.ts'
import { RESET_PURPOSE } from '../../../ports/identity.ts'
import { addressCode } from '../address-code.ts'
import type { Content, Letter } from '../render-mail.ts'

/** What a person is told about the account. */
export function accountMail(event: AccountEvent, letter: Letter): Content {
  switch (event.type) {
    case 'webhook.ping':
      throw new AppError('DELIVERY_REFUSED', 'a ping goes to its webhook alone')
    case 'address.code':
      return code(event, letter)
    case 'password.reset':
      return reset(event, letter)
    case 'webhook.disabled': {
      const { url, reason } = event
      const { unsubscribe, templates } = letter
      const content = templates.render('webhook-disabled', { url, reason, unsubscribe })
      return { subject: 'Your webhook was switched off', ...content }
    }
  }
}

const minutes = ({ until, createdAt }: { until: number; createdAt: number }) =>
  `${Math.round((until - createdAt) / 60_000)}`

function code(event: AddressCodeEvent, { to, secret, templates }: Letter): Content {
  const { id: eventId, person, channel } = event
  const digits = addressCode(secret, { eventId, person, channel, address: to })
  return {
    subject: 'Your code',
    ...templates.render('address-code', { code: digits, minutes: minutes(event) }),
  }
}

/** The token is made here and lies nowhere: auth knows it by the common secret. */
function reset(event: PasswordResetEvent, { base, secret, templates }: Letter): Content {
  const { person: userId, stamp, until } = event
  const link = `${base}/reset?token=${sign(deriveKey(secret, RESET_PURPOSE), { userId, stamp }, until)}`
  return {
    subject: 'Your new password',
    ...templates.render('password-reset', { link, minutes: minutes(event) }),
  }
}
