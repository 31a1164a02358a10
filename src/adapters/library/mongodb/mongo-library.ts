import type { Library } from '../../../ports/library.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { MongoDatabase } from '../../mongo/open-room.ts'
import { adoptResult } from './adopt-result.ts'
import { backlog } from './backlog.ts'
import { cancel } from './cancel.ts'
import { claim } from './claim.ts'
import { collectionsOf } from './collections.ts'
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
import { transactions } from './transaction.ts'
import { recount, usageOf } from './usage.ts'
import { watch } from './watchers.ts'

/**
 * The library over a database that has the indexes of `LIBRARY_ROOM`. Values that come from outside stand behind an
 * operator of ours, such as `$eq`: they are data.
 */
export function mongoLibrary({ client, db }: MongoDatabase): Library {
  const at = collectionsOf(db)
  const transact = transactions(client)
  return {
    addFile: (file, conversion, quota) => answered(addFile(at, transact, file, conversion, quota)),
    addConversion: (conversion) => answered(addConversion(at, transact, conversion)),
    file: (id) => answered(findFile(at, id)),
    files: (page) => answered(listFiles(at, page)),
    removeFile: (id, expiredAt) => answered(removeFile(at, transact, id, expiredAt)),
    formerFile: (id) => answered(findFormerFile(at, id)),
    usage: (ownerId) => answered(usageOf(at, ownerId)),
    recount: () => answered(recount(at, transact)),
    newestResult: (sourceId) => answered(newestResult(at, sourceId)),
    newestConversion: (sourceId) => answered(newestConversion(at, sourceId)),
    conversion: (id) => answered(findConversion(at, id)),
    conversions: (page) => answered(listConversions(at, page)),
    queued: (most, ownerId) => answered(countQueued(at, most, ownerId)),
    receipt: (id) => answered(findReceipt(at, id)),
    claim: (worker) => answered(claim(at, worker)),
    renew: (hold, progress) => answered(renew(at, hold, progress)),
    finish: (hold, outcome, now) => answered(finish(at, transact, hold, outcome, now)),
    cancel: (id, now) => answered(cancel(at, id, now)),
    retry: (id, now) => answered(retry(at, transact, id, now)),
    adoptResult: (result, username, now) => answered(adoptResult(at, transact, result, username, now)),
    failExhausted: (now) => answered(failExhausted(at, transact, now)),
    watch: (ownerKey) => answered(watch(at, ownerKey)),
    unannounced: (limit) => answered(unannounced(at, limit)),
    announced: (eventIds) => answered(removeAnnounced(at, eventIds)),
    expired: (now, limit) => answered(expired(at, now, limit)),
    forget: (before, limit) => answered(forget(at, before, limit)),
    backlog: () => answered(backlog(at)),
    overdue: (now, before) => answered(overdue(at, now, before)),
    referenced: (kind, blobKeys) => answered(referenced(at, kind, blobKeys)),
    ping: async () => void (await answered(db.command({ ping: 1 }))),
    close: () => client.close(),
  }
}
