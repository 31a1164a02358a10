import { type Kysely, sql } from 'kysely'
import type { Library } from '../../../ports/library.ts'
import { adoptResult } from './adopt-result.ts'
import { backlog } from './backlog.ts'
import { cancel } from './cancel.ts'
import { claim } from './claim.ts'
import { countQueued, findConversion, findReceipt, listConversions, newestConversion } from './conversions.ts'
import { removeAnnounced, unannounced } from './events.ts'
import { failExhausted } from './fail-exhausted.ts'
import {
  expired,
  findFile,
  findFormerFile,
  listFiles,
  newestResult,
  referenced,
  removeFile,
} from './files.ts'
import { finish, renew } from './finish.ts'
import { forget } from './forget.ts'
import { overdue } from './overdue.ts'
import { retry } from './retry.ts'
import { addConversion, addFile } from './submit.ts'
import type { LibraryTables } from './tables.ts'
import { recount, usageOf } from './usage.ts'
import { watch } from './watchers.ts'

/** The library over any SQL database that holds the tables of `LIBRARY_ROOM`. */
export function sqlLibrary(db: Kysely<LibraryTables>): Library {
  return {
    addFile: (file, conversion, quota) => addFile(db, file, conversion, quota),
    addConversion: (conversion) => addConversion(db, conversion),
    file: (id) => findFile(db, id),
    files: (page) => listFiles(db, page),
    removeFile: (id, expiredAt) => removeFile(db, id, expiredAt),
    formerFile: (id) => findFormerFile(db, id),
    usage: (ownerId) => usageOf(db, ownerId),
    recount: () => recount(db),
    newestResult: (sourceId) => newestResult(db, sourceId),
    newestConversion: (sourceId) => newestConversion(db, sourceId),
    conversion: (id) => findConversion(db, id),
    conversions: (page) => listConversions(db, page),
    queued: (most, ownerId) => countQueued(db, most, ownerId),
    receipt: (id) => findReceipt(db, id),
    claim: (worker) => claim(db, worker),
    renew: (hold, at) => renew(db, hold, at),
    finish: (hold, outcome, now) => finish(db, hold, outcome, now),
    cancel: (id, now) => cancel(db, id, now),
    retry: (id, now) => retry(db, id, now),
    adoptResult: (result, username, now) => adoptResult(db, result, username, now),
    failExhausted: (now) => failExhausted(db, now),
    watch: (ownerKey) => watch(db, ownerKey),
    unannounced: (limit) => unannounced(db, limit),
    announced: (eventIds) => removeAnnounced(db, eventIds),
    expired: (now, limit) => expired(db, now, limit),
    forget: (before, limit) => forget(db, before, limit),
    backlog: () => backlog(db),
    overdue: (now, before) => overdue(db, now, before),
    referenced: (kind, blobKeys) => referenced(db, kind, blobKeys),
    ping: async () => void (await sql`select 1`.execute(db)),
    close: () => db.destroy(),
  }
}
