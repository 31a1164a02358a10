import { deriveKey, sixDigits } from '../../kit/signed.ts'
import type { PendingAddress } from '../../ports/notifications.ts'

/** The code that proves an address. It lies nowhere: who has the secret derives it, to send it and to compare. */
export function addressCode(
  secret: string,
  { person, channel, address, eventId }: Omit<PendingAddress, 'until'>,
): string {
  return sixDigits(deriveKey(secret, 'address-code'), [eventId, person, channel, address])
}
