import type { Kysely } from 'kysely'
import type { Conversion, Told } from '../../../domain/conversion.ts'
import type { Wish } from '../../../domain/wish/wish.ts'
import type { ConversionRow, LibraryTables } from './tables.ts'

const CONVERSION = [
  'id',
  'owner_id',
  'owner_email',
  'source_id',
  'source_name',
  'source_size',
  'wish',
  'request_id',
  'traceparent',
  'webhook',
  'state',
  'attempt',
  'fence',
  'lease_worker',
  'lease_until',
  'turn',
  'not_before',
  'progress',
  'result_id',
  'warning',
  'failure',
  'created_at',
  'started_at',
  'ended_at',
] as const

/** A query for conversions without their receipts; `toConversion` reads what it returns. */
export function selectConversions(db: Kysely<LibraryTables>) {
  return db.selectFrom('soundlift_conversions').select(CONVERSION)
}

export function toConversion(row: Pick<ConversionRow, (typeof CONVERSION)[number]>): Conversion {
  const wish: Wish = JSON.parse(row.wish)
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerEmail: row.owner_email,
    sourceId: row.source_id,
    sourceName: row.source_name,
    sourceSize: row.source_size,
    wish,
    requestId: row.request_id,
    traceparent: row.traceparent,
    webhook: row.webhook,
    state: row.state,
    attempt: row.attempt,
    fence: row.fence,
    lease:
      row.lease_worker === null || row.lease_until === null
        ? null
        : { worker: row.lease_worker, until: row.lease_until },
    turn: row.turn,
    notBefore: row.not_before,
    progress: row.progress,
    resultId: row.result_id,
    warning: toTold(row.warning),
    failure: toTold(row.failure),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

const toTold = (text: string | null): Told | null => (text === null ? null : JSON.parse(text))
