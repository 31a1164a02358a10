import type { Users } from '../../ports/users.ts'
import { openRoom } from '../mongo/open-room.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { USERS_ROOM } from './mongodb/accounts.ts'
import { mongoUsers } from './mongodb/mongo-users.ts'

/** The user store in MongoDB; a standalone server will do. */
export async function openMongodbUsers(settings: StoreSettings): Promise<Users> {
  return mongoUsers(await openRoom(settings, USERS_ROOM))
}
