import type { Library } from '../../ports/library.ts'
import { openRoom } from '../mongo/open-room.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { LIBRARY_ROOM } from './mongodb/collections.ts'
import { demandTransactions } from './mongodb/demand-transactions.ts'
import { mongoLibrary } from './mongodb/mongo-library.ts'

/** The library in a replica set of MongoDB, or behind its router; CONFIG_INVALID for a server without transactions. */
export async function openMongodbLibrary(settings: StoreSettings): Promise<Library> {
  return mongoLibrary(await openRoom(settings, LIBRARY_ROOM, demandTransactions))
}
