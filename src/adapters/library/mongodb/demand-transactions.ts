import type { Db } from 'mongodb'
import { AppError } from '../../../domain/errors.ts'
import { isOlder } from '../../../kit/version.ts'

/** The oldest server that is supported. */
const OLDEST = [4, 4] as const

/** Refuses a server that is too old or has no transactions with a CONFIG_INVALID that names what mends it. */
export async function demandTransactions(db: Db): Promise<void> {
  const { version }: { version?: unknown } = await db.admin().buildInfo()
  const { setName, msg }: { setName?: unknown; msg?: unknown } = await db.command({ hello: 1 })
  // `isdbgrid` is how the router of a sharded cluster calls itself.
  checkServer(String(version), setName !== undefined || msg === 'isdbgrid')
}

/** The same, of what a server says about itself. */
export function checkServer(version: string, hasTransactions: boolean): void {
  if (isOlder(version, OLDEST)) {
    throw new AppError(
      'CONFIG_INVALID',
      `LIBRARY_URL: this MongoDB is version ${version}; the library needs ${OLDEST.join('.')} or newer. Update the server, then run \`mongosh --eval 'db.adminCommand({ setFeatureCompatibilityVersion: "${OLDEST.join('.')}" })'\`.`,
    )
  }
  if (!hasTransactions) {
    throw new AppError(
      'CONFIG_INVALID',
      "LIBRARY_URL: this MongoDB is a standalone server, and the library needs transactions. Start it with `mongod --replSet rs0` beside its other options, then run `mongosh --eval 'rs.initiate()'` once; one member will do.",
    )
  }
}
