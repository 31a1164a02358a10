import type { Conversion } from '../../domain/conversion.ts'
import { AppError } from '../../domain/errors.ts'
import type { StoredFile } from '../../domain/file.ts'
import { emailKey, mayTouch, type Principal } from '../../domain/user.ts'
import { isId } from '../../kit/ids.ts'
import type { Library } from '../../ports/library.ts'
import type { NotificationCenter, ShownDelivery } from '../../ports/notification-center.ts'

type Shelf = Pick<Library, 'file' | 'formerFile' | 'conversion'>

/**
 * The file with this id, when `principal` may touch it. FILE_NOT_FOUND when there is none, and for another's, so that
 * ids tell nothing; FILE_EXPIRED for one's own whose time was over; FORBIDDEN for another's only where a classic route promises that.
 */
export async function fileFor(
  principal: Principal,
  id: string,
  library: Shelf,
  others: 'FILE_NOT_FOUND' | 'FORBIDDEN' = 'FILE_NOT_FOUND',
): Promise<StoredFile> {
  const file = isId(id) ? await library.file(id) : null
  if (!file) throw await absent(principal, id, library)
  if (!mayTouch(principal, file.ownerId)) throw new AppError(others)
  return file
}

/** What is said of a file that is not there: FILE_EXPIRED to who may know that it was, else FILE_NOT_FOUND. */
export async function absent(principal: Principal, id: string, library: Shelf): Promise<AppError> {
  const former = isId(id) ? await library.formerFile(id) : null
  return new AppError(former && mayTouch(principal, former.ownerId) ? 'FILE_EXPIRED' : 'FILE_NOT_FOUND')
}

/** The conversion with this id, when `principal` may touch it; CONVERSION_NOT_FOUND otherwise. */
export async function conversionFor(principal: Principal, id: string, library: Shelf): Promise<Conversion> {
  const conversion = isId(id) ? await library.conversion(id) : null
  if (!conversion || !mayTouch(principal, conversion.ownerId)) throw new AppError('CONVERSION_NOT_FOUND')
  return conversion
}

/** The delivery with this id, when `principal` may touch it; DELIVERY_NOT_FOUND otherwise. */
export async function deliveryFor(
  principal: Principal,
  id: string,
  center: NotificationCenter,
): Promise<ShownDelivery> {
  if (!isId(id)) throw new AppError('DELIVERY_NOT_FOUND')
  const delivery = await center.delivery({ id })
  if (!mayTouch(principal, delivery.person)) throw new AppError('DELIVERY_NOT_FOUND')
  return delivery
}

/** FILE_EXPIRED when its time is over, whether or not the sweep has come by. */
export function notExpired(file: StoredFile, now: number): StoredFile {
  if (file.expiresAt !== null && file.expiresAt <= now) throw new AppError('FILE_EXPIRED')
  return file
}

/** The user id, or the e-mail key of someone without an account: whose preferences and webhooks these are. */
export function personOf({ userId, email }: Principal): string {
  return userId ?? emailKey(email)
}

/** The endpoint with this id, when `principal` may touch it; WEBHOOK_NOT_FOUND otherwise. */
export async function webhookFor(
  principal: Principal,
  id: string,
  center: Pick<NotificationCenter, 'webhook'>,
) {
  if (!isId(id)) throw new AppError('WEBHOOK_NOT_FOUND')
  const webhook = await center.webhook({ id })
  const owner = { ...principal, userId: personOf(principal) }
  if (!mayTouch(owner, webhook.person)) throw new AppError('WEBHOOK_NOT_FOUND')
  return webhook
}
