import type { FastifyRequest } from 'fastify'
import type { AppError } from '../../../domain/errors.ts'
import { fits, type Quota, quotaExceeded } from '../../../domain/usage.ts'
import { whoAsks } from '../../../http/guard.ts'
import type { GatewayParts } from '../parts.ts'
import { tooLarge } from './receive-stream.ts'

/** How many bytes an upload may have, and what is said to one that has more. */
export interface Room {
  readonly bytes: number
  refusal(): AppError
}

/**
 * The room for an upload of who asks: the limit of its route, or what the quota leaves. QUOTA_EXCEEDED when it leaves no
 * file. That two uploads do not share the same room is the library's to see, when they are whole.
 */
export async function roomFor(
  request: FastifyRequest,
  limit: number,
  { library, settings: { quota } }: Pick<GatewayParts, 'library' | 'settings'>,
): Promise<Room> {
  const { userId } = whoAsks(request)
  const whole = { bytes: limit, refusal: () => tooLarge(limit) }
  if (userId === null || !isBounded(quota)) return whole
  const used = await library.usage(userId)
  const refusal = () => quotaExceeded(used, quota)
  if (!fits(used, { files: 1, bytes: 0 }, quota)) throw refusal()
  const free = (quota.bytes ?? Number.POSITIVE_INFINITY) - used.bytes
  return free < limit ? { bytes: free, refusal } : whole
}

/** QUOTA_EXCEEDED when the files of who asks take all they may: then a conversion would find no room for its result. */
export async function demandRoom(
  request: FastifyRequest,
  { library, settings: { quota } }: Pick<GatewayParts, 'library' | 'settings'>,
): Promise<void> {
  const { userId } = whoAsks(request)
  if (userId === null || !isBounded(quota)) return
  const used = await library.usage(userId)
  if (!fits(used, { files: 1, bytes: 1 }, quota)) throw quotaExceeded(used, quota)
}

/** Refuses what says itself that it is too large, before it is read. `framing`: bytes of the body that are not the file. */
export function refuseEarly({ headers }: FastifyRequest, room: Room, framing = 0): void {
  if (Number(headers['content-length']) > room.bytes + framing) throw room.refusal()
}

const isBounded = ({ files, bytes }: Quota) => files !== undefined || bytes !== undefined
