import { type Conversion, secondsLeft } from '../../domain/conversion.ts'
import type { StoredFile } from '../../domain/file.ts'
import type { ShownDelivery } from '../../ports/notification-center.ts'
import type { GatewayParts } from './parts.ts'
import type { ConversionShape, DeliveryShape, FileShape } from './shapes.ts'

/** A conversion as /v1 shows it, with its source and its result. */
export async function showConversion(
  conversion: Conversion,
  { library, now: clock }: Pick<GatewayParts, 'library' | 'now'>,
): Promise<ConversionShape> {
  const now = clock()
  const { id, state, progress, attempt, wish, warning, failure, resultId } = conversion
  const { sourceId, sourceName, sourceSize } = conversion
  const result = resultId ? await library.file(resultId) : null
  return {
    id,
    state,
    progress,
    eta: secondsLeft(conversion, now),
    attempt,
    wish: { ...wish, bitrate: wish.bitrate ?? null, quality: wish.quality ?? null },
    source: { id: sourceId, name: sourceName, size: sourceSize },
    result: result && showResult(result),
    partial: state === 'done' && warning !== null,
    warning,
    failure,
    createdAt: time(conversion.createdAt),
    startedAt: timeOrNull(conversion.startedAt),
    endedAt: timeOrNull(conversion.endedAt),
  }
}

const showResult = ({ id, name, size, contentType, duration }: StoredFile) => ({
  id,
  name,
  size,
  contentType,
  duration,
})

/** A file as /v1 shows it. */
export function showFile(file: StoredFile): FileShape {
  const { id, name, size, contentType, format, duration, sha256, kind, derivedFrom } = file
  const times = { createdAt: time(file.createdAt), expiresAt: timeOrNull(file.expiresAt) }
  return { id, name, size, contentType, format, duration, sha256, kind, derivedFrom, ...times }
}

/** A delivery as /v1 shows it. */
export function showDelivery(delivery: ShownDelivery): DeliveryShape {
  const { id, channel, address, event, state, attempt: attempts, reason } = delivery
  return {
    ...{ id, channel, address, event, state, attempts, reason },
    createdAt: time(delivery.createdAt),
    endedAt: timeOrNull(delivery.endedAt),
    nextAttemptAt: state === 'queued' ? time(delivery.notBefore) : null,
  }
}

const time = (milliseconds: number) => new Date(milliseconds).toISOString()
const timeOrNull = (milliseconds: number | null) => (milliseconds === null ? null : time(milliseconds))

/** A page of `limit` out of up to one item more, which only tells that there is another page. */
export function cutPage<T extends { readonly id: string }>(found: readonly T[], limit: number) {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}
