import type { ClientSession, MongoClient, TransactionOptions } from 'mongodb'
import { AppError } from '../../../domain/errors.ts'
import { oneByOne } from './one-by-one.ts'

/** Handed to every operation that is part of a transaction; `{}` outside of one. */
export interface Within {
  readonly session?: ClientSession
}

/**
 * Runs `deed` in one transaction; it may run several times, so it does nothing but operations `within` it. Deeds that
 * are sure to come into conflict are given the same `key`.
 */
export type Transact = <T>(deed: (within: Within) => Promise<T>, key?: string) => Promise<T>

const OPTIONS = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  maxCommitTimeMS: 10_000,
} satisfies TransactionOptions

/** Milliseconds after which no further try begins; the driver itself would go on for two minutes. */
const PATIENCE = 15_000

/** Transactions of a client. What came into conflict with another, or lost its server, is tried again. */
export function transactions(client: MongoClient): Transact {
  const inLine = oneByOne()
  return (deed, key) => {
    const run = () => transaction(client, deed)
    return key === undefined ? run() : inLine(key, run)
  }
}

async function transaction<T>(client: MongoClient, deed: (within: Within) => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE
  let begun = false
  return await client.withSession((session) =>
    session.withTransaction(async () => {
      if (begun && performance.now() > deadline) throw new AppError('SERVICE_UNAVAILABLE')
      begun = true
      return await deed({ session })
    }, OPTIONS),
  )
}
