import type { Conversion } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { StoredFile } from '../../../domain/file.ts'
import type { Quota } from '../../../domain/usage.ts'
import { emailKey } from '../../../domain/user.ts'
import type { NewConversion } from '../../../ports/library.ts'
import type { Collections, ConversionDoc } from './collections.ts'
import { toConversion } from './conversions.ts'
import { holdFile, insertFile } from './files.ts'
import type { Transact, Within } from './transaction.ts'
import { nextTurn } from './turn.ts'
import { tellWatchers } from './watchers.ts'

/** A new source and, when one is asked for, its conversion. */
export async function addFile(
  at: Collections,
  transact: Transact,
  file: StoredFile,
  conversion?: NewConversion,
  quota?: Quota,
): Promise<Conversion | null> {
  return await transact(
    async (within) => {
      await insertFile(at, file, within, quota)
      return conversion ? await submit(at, conversion, file, within) : null
    },
    conversion ? ownerKeyOf(conversion) : (file.ownerId ?? undefined),
  )
}

/** A further conversion of a source that is there. */
export async function addConversion(
  at: Collections,
  transact: Transact,
  conversion: NewConversion,
): Promise<Conversion> {
  return await transact(async (within) => {
    const source = await holdFile(at, conversion.sourceId, within)
    if (!source) throw new AppError('FILE_NOT_FOUND')
    return await submit(at, conversion, source, within)
  }, ownerKeyOf(conversion))
}

const ownerKeyOf = ({ ownerId, ownerEmail }: NewConversion) => ownerId ?? emailKey(ownerEmail)

/** For `notBefore`: due whatever a worker's clock says. */
export const AT_ONCE = 0

async function submit(
  at: Collections,
  conversion: NewConversion,
  source: StoredFile,
  within: Within,
): Promise<Conversion> {
  const { id, ownerId, ownerEmail, wish, requestId, traceparent, webhook, createdAt } = conversion
  const ownerKey = ownerKeyOf(conversion)
  const doc: ConversionDoc = {
    _id: id,
    ownerId,
    ownerEmail,
    ownerKey,
    sourceId: source.id,
    sourceName: source.name,
    sourceSize: source.size,
    wish,
    requestId: requestId ?? null,
    traceparent: traceparent ?? null,
    webhook: webhook ?? null,
    state: 'queued',
    attempt: 0,
    fence: 0,
    lease: null,
    turn: await nextTurn(at, ownerKey, within),
    notBefore: AT_ONCE,
    progress: 0,
    resultId: null,
    warning: null,
    failure: null,
    receipt: null,
    createdAt,
    startedAt: null,
    endedAt: null,
  }
  await at.conversions.insertOne(doc, within)
  const queued = toConversion(doc)
  await tellWatchers(at, queued, createdAt, within)
  return queued
}
