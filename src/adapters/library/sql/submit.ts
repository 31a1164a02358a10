import type { Kysely } from 'kysely'
import type { Conversion } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { StoredFile } from '../../../domain/file.ts'
import type { Quota } from '../../../domain/usage.ts'
import { emailKey } from '../../../domain/user.ts'
import type { NewConversion } from '../../../ports/library.ts'
import { getConversion } from './conversions.ts'
import { insertFile } from './file-row.ts'
import { holdFile } from './files.ts'
import type { LibraryTables } from './tables.ts'
import { nextTurn } from './turn.ts'
import { tellWatchers } from './watchers.ts'

/** A new source and, when one is asked for, its conversion. */
export async function addFile(
  db: Kysely<LibraryTables>,
  file: StoredFile,
  conversion?: NewConversion,
  quota?: Quota,
): Promise<Conversion | null> {
  return await db.transaction().execute(async (trx) => {
    await insertFile(trx, file, quota)
    return conversion ? await submit(trx, conversion, file) : null
  })
}

/** A further conversion of a source that is there. */
export async function addConversion(
  db: Kysely<LibraryTables>,
  conversion: NewConversion,
): Promise<Conversion> {
  return await db.transaction().execute(async (trx) => {
    const source = await holdFile(trx, conversion.sourceId)
    if (!source) throw new AppError('FILE_NOT_FOUND')
    return await submit(trx, conversion, source)
  })
}

/** For `not_before`: due whatever a worker's clock says. */
export const AT_ONCE = 0

async function submit(
  trx: Kysely<LibraryTables>,
  conversion: NewConversion,
  source: StoredFile,
): Promise<Conversion> {
  const ownerKey = conversion.ownerId ?? emailKey(conversion.ownerEmail)
  const row = {
    id: conversion.id,
    owner_id: conversion.ownerId,
    owner_email: conversion.ownerEmail,
    owner_key: ownerKey,
    source_id: source.id,
    source_name: source.name,
    source_size: source.size,
    wish: JSON.stringify(conversion.wish),
    request_id: conversion.requestId ?? null,
    traceparent: conversion.traceparent ?? null,
    webhook: conversion.webhook ?? null,
    state: 'queued',
    attempt: 0,
    fence: 0,
    turn: await nextTurn(trx, ownerKey),
    not_before: AT_ONCE,
    progress: 0,
    created_at: conversion.createdAt,
  } as const
  await trx.insertInto('soundlift_conversions').values(row).execute()
  const queued = await getConversion(trx, conversion.id)
  await tellWatchers(trx, queued, conversion.createdAt)
  return queued
}
