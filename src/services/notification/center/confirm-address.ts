import { CODE_TRIES } from '../../../domain/address.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Preferences } from '../../../domain/preferences.ts'
import { isSame } from '../../../kit/signed.ts'
import type { NotificationCenter } from '../../../ports/notification-center.ts'
import { addressCode } from '../address-code.ts'
import type { CenterParts } from './center.ts'

type Asked = Parameters<NotificationCenter['confirmAddress']>[0]

/** Makes the address that was asked for the person's own. */
export async function confirmAddress(
  { code, ...place }: Asked,
  { notifications, secret, now }: CenterParts,
): Promise<Preferences> {
  const pending = await notifications.tryCode(place, CODE_TRIES, now())
  if (!pending) throw new AppError('CODE_EXPIRED')
  if (!isSame(code.replace(/\s/g, ''), addressCode(secret, pending))) throw new AppError('CODE_WRONG')
  await notifications.proveAddress(pending, now())
  return notifications.preferences(place.person)
}
