import type { Role } from '../../../domain/user.ts'

/** One account as it lies in its table. */
interface AccountRow {
  readonly id: string
  readonly email: string
  readonly email_key: string
  readonly password_hash: string
  readonly role: Role
  /** 1 for the account that became administrator by being the first, else null: unique, so there is only one. */
  readonly first_account: 1 | null
  readonly created_at: number
}

export interface UserTables {
  readonly soundlift_accounts: AccountRow
}
