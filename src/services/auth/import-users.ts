import { AppError } from '../../domain/errors.ts'
import type { Fate, Imported } from '../../domain/imported.ts'
import { isBcrypt, looksHashed } from '../../domain/password-hash.ts'
import { isWeak, parseEmail, type User } from '../../domain/user.ts'
import { newId } from '../../kit/ids.ts'
import type { ForeignAccount } from '../../ports/foreign-accounts.ts'
import type { Users } from '../../ports/users.ts'
import type { Passwords } from './passwords.ts'

export interface ImportUsersParts {
  readonly users: Users
  readonly passwords: Passwords
  /** True: nothing is written. */
  readonly dryRun: boolean
  /** Hears of every row that is refused, and of every weak password that is taken. */
  readonly note: (where: string, what: string) => void
}

/** Rows that are hashed at once and held in memory. */
const AT_ONCE = 50

/**
 * Makes an account of every row that has none: nobody an administrator, an existing account never changed, so that it
 * may be run again. Passwords are hashed; bcrypt hashes are taken as they are.
 */
export async function importUsers(
  rows: AsyncIterable<ForeignAccount>,
  parts: ImportUsersParts,
): Promise<Imported> {
  const counts = { imported: 0, there: 0, refused: 0 }
  for await (const some of inBatches(rows, AT_ONCE)) {
    const made = await Promise.all(some.map((row) => accountOf(row, parts)))
    // One after the other: of two rows with one address the first wins.
    for (const each of made) counts[typeof each === 'string' ? each : await keep(each, parts)] += 1
  }
  return counts
}

async function keep(user: User, { users, dryRun }: ImportUsersParts): Promise<Fate> {
  if (dryRun) return 'imported'
  try {
    await users.create(user)
    return 'imported'
  } catch (error) {
    if (error instanceof AppError && error.code === 'EMAIL_TAKEN') return 'there'
    throw error
  }
}

async function accountOf(row: ForeignAccount, parts: ImportUsersParts): Promise<User | 'there' | 'refused'> {
  const read = readRow(row)
  if (read instanceof AppError) {
    parts.note(row.where, read.message)
    return 'refused'
  }
  const { email, password } = read
  if (await parts.users.byEmail(email)) return 'there'
  const passwordHash = await hashOf(password, row.where, parts)
  return { id: newId(), email, passwordHash, role: 'user', createdAt: Date.now() }
}

async function hashOf(
  password: string,
  where: string,
  { passwords, dryRun, note }: ImportUsersParts,
): Promise<string> {
  if (isBcrypt(password)) return password
  if (isWeak(password)) note(where, 'Its password is weak. It is taken all the same.')
  return dryRun ? '' : passwords.hash(password)
}

/** What a row says; EMAIL_INVALID, REQUEST_INVALID. */
function readRow({ email, password }: ForeignAccount): { email: string; password: string } | AppError {
  if (typeof email !== 'string') return new AppError('EMAIL_INVALID')
  if (typeof password !== 'string' || password === '')
    return new AppError('REQUEST_INVALID', 'It has no password.')
  if (looksHashed(password) && !isBcrypt(password)) {
    return new AppError('REQUEST_INVALID', 'Its password is a hash of a kind that can not be checked.')
  }
  try {
    return { email: parseEmail(email), password }
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
