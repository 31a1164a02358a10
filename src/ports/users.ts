import type { Role, User } from '../domain/user.ts'

/** The user store. Only the auth service (and the command line) holds one. E-mail is unique by `emailKey`. */
export interface Users {
  /**
   * Adds an account in one atomic act; EMAIL_TAKEN when the address exists, also when two come at once.
   * With `firstIsAdmin` it becomes an administrator when it is the first account of all.
   */
  create(user: User, options?: { firstIsAdmin?: boolean }): Promise<User>
  byEmail(email: string): Promise<User | null>
  byId(id: string): Promise<User | null>
  /** Accounts in order of their id, after `after`. */
  list(page: { limit: number; after?: string }): Promise<readonly User[]>
  /** USER_NOT_FOUND when there is none. */
  update(id: string, change: { passwordHash?: string; role?: Role }): Promise<void>
  /** Replaces a password hash in one atomic act; false when it is no longer `from`. */
  replaceHash(id: string, from: string, to: string): Promise<boolean>
  /** Fails when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
